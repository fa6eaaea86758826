import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { isDigest, sha256 } from '../hashing/digest.js';
import { MAX_BODY_BYTES, type MeasurementBody } from '../measurement/measurement-body.js';
import { CodedError } from '../runtime/coded-error.js';
import { printable } from '../runtime/printable.js';
import { MAX_SUBJECTS } from '../statement/report.js';
import type { Body as WireBody, BodyInput } from './generated/sealwatch/v1/Body.js';
import { MAX_BODIES_BYTES } from './wire-limits.js';

/**
 * Measurement bodies from outside. Inflating stops at the limit of one body and of all together, so a bomb costs its
 * sender more than us; a body whose digest is not its name is refused, so whoever stores them need not look again.
 * @throws CodedError('limit.exceeded' | 'statement.malformed')
 */
export function toBodies(wire: readonly WireBody[]): MeasurementBody[] {
  if (wire.length > MAX_SUBJECTS) {
    throw new CodedError(
      'limit.exceeded',
      `a message carries ${String(wire.length)} measurement bodies; at most ${String(MAX_SUBJECTS)} are read`,
    );
  }
  let left = MAX_BODIES_BYTES;
  return wire.map(({ digest, deflated }) => {
    if (!isDigest(digest)) {
      throw new CodedError('statement.malformed', `a measurement body is named ${printable(digest.slice(0, 80))}`);
    }
    const bytes = inflate(deflated, Math.min(MAX_BODY_BYTES, left), digest);
    left -= bytes.length;
    if (sha256(bytes) !== digest) {
      throw new CodedError('statement.malformed', `measurement body ${digest} holds bytes of another digest`);
    }
    return { digest, bytes };
  });
}

export function fromBodies(bodies: readonly MeasurementBody[]): BodyInput[] {
  return bodies.map(({ digest, bytes }) => ({ digest, deflated: deflateRawSync(bytes) }));
}

function inflate(deflated: Buffer, maxBytes: number, digest: string): Buffer {
  const tooLarge = `measurement body ${digest} inflates to more than ${String(maxBytes)} bytes`;
  if (maxBytes === 0) throw new CodedError('limit.exceeded', tooLarge);
  try {
    return inflateRawSync(deflated, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw new CodedError('limit.exceeded', tooLarge, { cause: error });
    throw new CodedError('statement.malformed', `measurement body ${digest} is not raw deflate`, { cause: error });
  }
}

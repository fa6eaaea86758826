import { type Envelope, PAYLOAD_TYPES } from '../envelope/envelope.js';
import { verifyEnvelope } from '../envelope/verify-envelope.js';
import { type Digest, sha256 } from '../hashing/digest.js';
import { CodedError } from '../runtime/coded-error.js';
import type { PublicKey } from '../signing/public-key.js';
import { parsePayload } from '../statement/parse-payload.js';
import { type Inception, inceptionSchema } from './inception.js';

/** An inception record whose signature by the cluster key held. */
export interface VerifiedInception {
  readonly digest: Digest;
  readonly inception: Inception;
  readonly envelope: Envelope;
}

/** @throws CodedError('envelope.*' | 'statement.malformed' | 'inception.mismatch') */
export function openInception(envelope: Envelope, clusterKey: PublicKey): VerifiedInception {
  const what = 'the inception record';
  verifyEnvelope(envelope, { payloadType: PAYLOAD_TYPES.inception, keys: [clusterKey], what });
  const inception = parsePayload(envelope.payload, {
    schema: inceptionSchema,
    what,
    maxBytes: 16_384,
    code: 'statement.malformed',
  });
  if (inception.clusterKey !== clusterKey.keyid) {
    throw new CodedError('inception.mismatch', `${what} names another cluster key than the one that signed it`);
  }
  return { digest: sha256(envelope.payload), inception, envelope };
}

import { type Envelope, PAYLOAD_TYPES, type PayloadType } from '@sealwatch/shared/envelope/envelope.js';
import { verifyEnvelope } from '@sealwatch/shared/envelope/verify-envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { carriedForMs, MAX_REPORT_BYTES, type Report, reportSchema } from '@sealwatch/shared/statement/report.js';
import { MAX_SEAL_BYTES, sealSchema } from '@sealwatch/shared/statement/seal.js';
import type { StoredHostState } from '../store/report-store.js';
import type { FindStoredSigner } from './stored-signers.js';

export interface StoredEvidence {
  readonly report: Report;
  /** Newest host time under a signature: the report's own, or that of a seal of it. */
  readonly signedAt: number;
  /** How much older than that the oldest of it may be: a seal speaks for the whole host. */
  readonly carriedMs: number;
  /** False if the signer is none our authority certified: an authority that was replaced, or a row somebody put in. */
  readonly proven: boolean;
}

/**
 * A database is not believed: what a host is said to have signed is verified again, and the time of its evidence is
 * taken from the signed statements, never from a column.
 * @throws CodedError('store.corrupt') if the report is not what was recorded, or its signature does not hold
 */
export async function openStoredEvidence(
  stored: StoredHostState,
  findSigner: FindStoredSigner,
): Promise<StoredEvidence> {
  const { host, head, report: envelope, seal } = stored;
  const what = `the stored report ${String(head.sequence)} of ${host}`;
  if (sha256(envelope.payload) !== head.digest) throw corrupt(`${what} is not the one that was recorded`);
  const signed = await signedBy(envelope, PAYLOAD_TYPES.report, { host, epoch: head.epoch, what, findSigner });
  if (signed === 'forged') throw corrupt(`the signature of ${what} does not hold`);
  const report = parsePayload(envelope.payload, {
    schema: reportSchema,
    what,
    maxBytes: MAX_REPORT_BYTES,
    code: 'store.corrupt',
  });
  if (report.host !== host || report.epoch !== head.epoch || report.sequence !== head.sequence) {
    throw corrupt(`${what} speaks of another place`);
  }
  const reportedAt = wallTime(report.at);
  const sealedAt = seal === null ? undefined : await sealedUntil(seal, stored, findSigner);
  return {
    report,
    signedAt: sealedAt === undefined ? reportedAt : Math.max(reportedAt, sealedAt),
    carriedMs: sealedAt === undefined ? carriedForMs(report) : 0,
    proven: signed === 'proven',
  };
}

/** Undefined for a seal that proves nothing: the report speaks for itself then. */
async function sealedUntil(
  envelope: Envelope,
  { host, head }: StoredHostState,
  findSigner: FindStoredSigner,
): Promise<number | undefined> {
  const what = `the stored seal of ${host}`;
  const signed = await signedBy(envelope, PAYLOAD_TYPES.seal, { host, epoch: head.epoch, what, findSigner });
  if (signed !== 'proven') return undefined;
  const seal = parsePayload(envelope.payload, {
    schema: sealSchema,
    what,
    maxBytes: MAX_SEAL_BYTES,
    code: 'store.corrupt',
  });
  return seal.host === host && seal.reportDigest === head.digest ? wallTime(seal.until) : undefined;
}

async function signedBy(
  envelope: Envelope,
  payloadType: PayloadType,
  by: { host: string; epoch: number; what: string; findSigner: FindStoredSigner },
): Promise<'proven' | 'unproven' | 'forged'> {
  const { host, epoch, what, findSigner } = by;
  const signer = await findSigner(envelope.signatures[0]?.keyid ?? '');
  if (signer?.host !== host || signer.epoch !== epoch) return 'unproven';
  try {
    verifyEnvelope(envelope, { payloadType, keys: [signer.key], what });
  } catch (error) {
    if (isCoded(error)) return 'forged';
    throw error;
  }
  return signer.ours ? 'proven' : 'unproven';
}

function corrupt(what: string): CodedError {
  return new CodedError('store.corrupt', `${what}; restore a backup`);
}

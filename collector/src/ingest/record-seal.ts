import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { Seal } from '@sealwatch/shared/statement/seal.js';
import { isFreshHostTime } from '../compliance/host-state.js';
import type { IngestDependencies } from './ingest-dependencies.js';

/**
 * A seal says that the state of a report we hold still stands. Only one for the newest report makes a host fresh.
 * @throws CodedError('report.rejected' | 'store.*')
 */
export async function recordArrivedSeal(
  arrival: { envelope: Envelope; digest: Digest; seal: Seal },
  { store, board, clock, challenges }: IngestDependencies,
): Promise<'recorded' | 'duplicate'> {
  const { envelope, digest, seal } = arrival;
  const { host, epoch, sequence, reportDigest } = seal;
  const sealed = await store.digestAt(host, epoch, sequence);
  if (sealed !== reportDigest) {
    throw new CodedError(
      'report.rejected',
      `the seal is for report ${String(sequence)} with digest ${reportDigest}; recorded is ${sealed ?? 'none'}`,
    );
  }
  const receivedAt = clock.wall();
  const outcome = await store.recordSeal({
    host,
    head: { epoch, sequence, digest: reportDigest },
    digest,
    envelope,
    since: seal.since,
    until: seal.until,
    receivedAt: timestamp(receivedAt),
  });
  // a replayed seal proves nothing new
  if (outcome === 'duplicate') return outcome;
  const { evidence } = board.state(host);
  if (evidence?.head.digest !== reportDigest) return outcome;
  const until = wallTime(seal.until);
  // a clock that once ran ahead signed a time to come; put right, the host is as fresh as any other
  const fresh = isFreshHostTime(until, receivedAt);
  if (fresh || until >= evidence.signedAt) {
    evidence.signedAt = until;
    if (fresh) evidence.freshAt = clock.monotonic();
    board.rejudge(host);
  }
  if (seal.nonce !== null) challenges.answered(host, seal.nonce);
  return outcome;
}

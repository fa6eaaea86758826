import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import type { ReleaseStore } from '../store/release-store.js';

/**
 * A database belongs to one inception for its whole life: one of another cluster, or one whose record was edited, is
 * not taken up.
 * @throws CodedError('inception.mismatch')
 */
export async function keepInception(
  { digest, envelope, inception }: VerifiedInception,
  { store, clock }: { store: Pick<ReleaseStore, 'inception' | 'recordInception'>; clock: Clock },
): Promise<void> {
  const stored = await store.inception();
  if (stored === undefined) {
    await store.recordInception({ digest, envelope, at: timestamp(clock.wall()) });
    return;
  }
  if (stored.digest === digest && sha256(stored.envelope.payload) === digest) return;
  throw new CodedError(
    'inception.mismatch',
    `the database is of another inception (${stored.digest.slice(0, 23)}…) than the signed record of cluster ` +
      `${inception.clusterName} (${digest.slice(0, 23)}…); restore the database that belongs to it`,
  );
}

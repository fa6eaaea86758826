import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { ReleaseBundle } from '@sealwatch/shared/trust/open-release.js';

export interface ReleaseRecord {
  readonly version: number;
  /** Of the release envelope's payload. */
  readonly digest: Digest;
  readonly bundle: ReleaseBundle;
  readonly publishedAt: Timestamp;
}

export interface ReleaseStore {
  /** Recorded once in the life of a database. @throws CodedError('inception.mismatch') for any other one later */
  recordInception(record: { digest: Digest; envelope: Envelope; at: Timestamp }): Promise<void>;
  inception(): Promise<{ digest: Digest; envelope: Envelope } | undefined>;
  /** Idempotent by digest. */
  putManifest(manifest: { digest: Digest; envelope: Envelope; at: Timestamp }): Promise<void>;
  manifest(digest: Digest): Promise<Envelope | undefined>;
  /**
   * Puts a release in force, with its manifests. The same digest again changes nothing.
   * @throws CodedError('release.rollback') if its version is not higher than the highest ever recorded
   */
  recordRelease(record: ReleaseRecord): Promise<void>;
  currentRelease(): Promise<ReleaseRecord | undefined>;
  /** Any release ever in force. */
  release(digest: Digest): Promise<ReleaseRecord | undefined>;
}

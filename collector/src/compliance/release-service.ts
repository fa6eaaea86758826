import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { ReleaseBundle, VerifiedRelease } from '@sealwatch/shared/trust/open-release.js';
import type { VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';

/** What is in force. Publishing verifies, records, tells the agents and judges every host anew. */
export interface ReleaseService {
  readonly inception: VerifiedInception;
  current(): VerifiedRelease | undefined;
  /**
   * Manifests not in the bundle are taken from the store. Manifests must be valid now (not expired, already valid or
   * starting with their window).
   * @throws CodedError('release.rollback' | 'release.malformed' | 'manifest.*' | 'envelope.*' | 'inception.mismatch')
   */
  publish(bundle: ReleaseBundle): Promise<VerifiedRelease>;
  /** Stores it; shape and payload type are checked, the publisher's key when a release names it. */
  uploadManifest(envelope: Envelope): Promise<Digest>;
}

import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { Timestamp } from '../runtime/timestamp.js';
import type { Role } from '../subject/component.js';
import type { Inception } from '../trust/inception.js';
import type { Release } from '../trust/release.js';

/** What a host's measurements are compared with. */
export interface AppraisalContext {
  readonly inception: Inception;
  readonly release: Release;
  /** Every manifest the release names, verified. */
  readonly manifests: readonly VerifiedManifest[];
  /** The role the release declares for the host. */
  readonly role: Role;
  /** The moment that is judged. */
  readonly at: Timestamp;
}

import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { EnrolledRelease } from '../cycle/enrolled-reference.js';
import { ReleaseStore } from './release-store.js';
import { statePaths } from './state-paths.js';
import { loadTrustAnchors } from './trust-anchors.js';

/**
 * All that judging this host needs, from its own disk, verified from the pinned root up. It only reads, so it does not
 * disturb a running agent.
 * @throws CodedError('host.not-enrolled' | 'release.missing' | 'release.rollback' | 'inception.mismatch' | 'envelope.*'
 *   | 'manifest.*' | 'file.*' | 'store.corrupt')
 */
export async function loadEnrolledRelease(stateDir: string): Promise<EnrolledRelease> {
  const paths = statePaths(stateDir);
  const trust = await loadTrustAnchors(paths);
  const store = new ReleaseStore({ directory: paths.release, trust });
  await store.load();
  const release = store.current();
  if (release === undefined) {
    throw new CodedError(
      'release.missing',
      'this host has received no release yet; publish one with: sealwatch deploy',
    );
  }
  return { host: trust.enrollment.host, inception: trust.inception, release };
}

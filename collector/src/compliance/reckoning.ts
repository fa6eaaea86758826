import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { VerifiedRelease } from '@sealwatch/shared/trust/open-release.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import type { HostState } from './host-state.js';
import { evidenceUntil, silenceLimit } from './standing-findings.js';

/** The next monotonic moment at which silence or age alone can change what is said of a host. */
export function nextReckoning(state: HostState, policy: Policy, monotonic: number): number {
  const moments = [
    state.heardAt === null ? null : state.heardAt + silenceLimit(state, policy),
    evidenceUntil(state, policy),
  ];
  const ahead = moments.filter((moment) => moment !== null).filter((moment) => moment >= monotonic);
  // findings begin just after the limit
  return Math.min(...ahead, Number.POSITIVE_INFINITY) + 1;
}

/** The next wall-clock moment at which a manifest comes into force, goes out of it, or expires. */
export function nextWindowBoundary({ release, manifests }: VerifiedRelease, wall: number): number {
  const boundaries = [
    ...release.manifests.flatMap(({ from, until }) => (until === null ? [from] : [from, until])),
    ...manifests.flatMap(({ manifest }) => [manifest.notBefore, manifest.notAfter]),
  ];
  return Math.min(...boundaries.map(wallTime).filter((moment) => moment > wall), Number.POSITIVE_INFINITY);
}

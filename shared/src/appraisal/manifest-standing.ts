import type { VerifiedManifest } from '../manifest/open-manifest.js';
import { type Timestamp, timestamp, wallTime } from '../runtime/timestamp.js';
import type { ManifestInForce } from '../trust/release.js';
import type { AppraisalContext } from './appraisal-context.js';

/** A manifest of the release at the moment that is judged: by its window, and by the validity its publisher gave it. */
export type ManifestStanding = { readonly verified: VerifiedManifest; readonly from: Timestamp } & (
  | { readonly state: 'to-come' | 'ended'; readonly until: Timestamp }
  /** Null: the release sets no end. */
  | { readonly state: 'in-force'; readonly until: Timestamp | null }
);

/** Of every manifest that the release names, in the order they are given. */
export function manifestStandings({ release, manifests, at }: AppraisalContext): ManifestStanding[] {
  const windows = new Map(release.manifests.map((entry) => [entry.digest, entry]));
  return manifests.flatMap((verified) => {
    const window = windows.get(verified.digest);
    return window === undefined ? [] : [standing(verified, window, wallTime(at))];
  });
}

/** Those that vouch for what they list. */
export function validManifests(context: AppraisalContext): VerifiedManifest[] {
  return manifestStandings(context).flatMap(({ verified, state }) => (state === 'in-force' ? [verified] : []));
}

function standing(verified: VerifiedManifest, { from, until }: ManifestInForce, wall: number): ManifestStanding {
  const { notBefore, notAfter } = verified.manifest;
  const begins = Math.max(wallTime(from), wallTime(notBefore));
  const ends = until === null ? wallTime(notAfter) : Math.min(wallTime(until), wallTime(notAfter));
  const span = { from: timestamp(begins), until: timestamp(ends) };
  if (wall >= ends) return { verified, state: 'ended', ...span };
  if (wall < begins) return { verified, state: 'to-come', ...span };
  return { verified, state: 'in-force', ...span, ...(until === null ? { until } : {}) };
}

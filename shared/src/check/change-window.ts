import type { AppraisalContext } from '../appraisal/appraisal-context.js';
import type { ManifestStanding } from '../appraisal/manifest-standing.js';
import type { Digest } from '../hashing/digest.js';
import type { Measurement } from '../measurement/measurement.js';
import { type Timestamp, wallTime } from '../runtime/timestamp.js';
import { isMixed, type ManifestChoice } from './manifest-choice.js';
import { manifestMatcher } from './manifest-matcher.js';

/** `mixed-allowed`: things of different manifests are in use, and each is right. */
export type WindowState = 'uniform' | 'mixed-allowed';

/** Where a host stands between manifests in force that list components differently. */
export interface HostWindow {
  readonly state: WindowState;
  /** Those that list what it has of these components. */
  readonly manifests: readonly { readonly id: string; readonly digest: Digest }[];
}

/** The same of the whole cluster. */
export interface ChangeWindow {
  readonly state: WindowState;
  /** When the first of the manifests ends; null if the release ends none. */
  readonly until: Timestamp | null;
  readonly manifests: readonly WindowManifest[];
}

export interface WindowManifest {
  readonly id: string;
  readonly digest: Digest;
  readonly from: Timestamp;
  readonly until: Timestamp | null;
  /** Declared hosts that have something of it, by name. A host in the middle of its upgrade stands under several. */
  readonly hosts: readonly string[];
}

/** Undefined for a host that has nothing of which the manifests in force list more than one version. */
export function hostWindow(
  choices: readonly ManifestChoice[],
  standings: readonly ManifestStanding[],
): HostWindow | undefined {
  if (choices.length === 0) return undefined;
  return {
    state: stateOf(choices),
    manifests: matchedOf(choices, standings).map(({ verified: { digest, manifest } }) => ({ id: manifest.id, digest })),
  };
}

/** Undefined unless manifests in force list a component differently. @param hosts every declared one */
export function changeWindow(
  context: AppraisalContext,
  hosts: readonly { readonly name: string; readonly measurements: readonly Measurement[] }[],
): ChangeWindow | undefined {
  const matcher = manifestMatcher(context);
  const alternatives = matcher.alternatives();
  if (alternatives.length === 0) return undefined;
  const seen = hosts.map(({ name, measurements }) => {
    const choices = measurements.flatMap((measurement) => matcher.match(measurement)?.choices ?? []);
    return { name, choices, matched: new Set(matchedOf(choices, alternatives)) };
  });
  return {
    state: stateOf(seen.flatMap(({ choices }) => choices)),
    until: firstEnd(alternatives),
    manifests: alternatives.map((standing) => ({
      id: standing.verified.manifest.id,
      digest: standing.verified.digest,
      from: standing.from,
      until: standing.until,
      hosts: seen.filter(({ matched }) => matched.has(standing)).map(({ name }) => name),
    })),
  };
}

function stateOf(choices: readonly ManifestChoice[]): WindowState {
  return isMixed(choices) ? 'mixed-allowed' : 'uniform';
}

/** What lists everything, if something does; else whatever lists any of it. */
function matchedOf(choices: readonly ManifestChoice[], standings: readonly ManifestStanding[]): ManifestStanding[] {
  const lists = ({ verified }: ManifestStanding, { matched }: ManifestChoice): boolean =>
    matched.includes(verified.digest);
  const all = standings.filter((standing) => choices.length > 0 && choices.every((choice) => lists(standing, choice)));
  return all.length > 0 ? all : standings.filter((standing) => choices.some((choice) => lists(standing, choice)));
}

function firstEnd(standings: readonly ManifestStanding[]): Timestamp | null {
  const ends = standings.flatMap(({ until }) => until ?? []).sort((a, b) => wallTime(a) - wallTime(b));
  return ends[0] ?? null;
}

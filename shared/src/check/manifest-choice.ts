import type { Digest } from '../hashing/digest.js';

/** One thing found of a component that manifests in force list differently: several would have been right. */
export interface ManifestChoice {
  /** The manifests that list the component. */
  readonly among: readonly Digest[];
  /** Those of them that list what was found. */
  readonly matched: readonly Digest[];
}

/**
 * Whether things found are of different manifests. A manifest that does not list a component says nothing about it, so
 * two choices are compared by what both could have been.
 */
export function isMixed(choices: readonly ManifestChoice[]): boolean {
  const different = distinct(choices);
  return different.some((one, i) => different.slice(i + 1).some((other) => areApart(one, other)));
}

/** A cluster has many, and few that differ. */
function distinct(choices: readonly ManifestChoice[]): ManifestChoice[] {
  return [...new Map(choices.map((choice) => [JSON.stringify(choice), choice])).values()];
}

function areApart(a: ManifestChoice, b: ManifestChoice): boolean {
  const ofA = a.matched.filter((digest) => b.among.includes(digest));
  const ofB = b.matched.filter((digest) => a.among.includes(digest));
  return ofA.length > 0 && ofB.length > 0 && !ofA.some((digest) => ofB.includes(digest));
}

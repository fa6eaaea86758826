import type { AppraisalContext } from '../appraisal/appraisal-context.js';
import { type ManifestStanding, manifestStandings } from '../appraisal/manifest-standing.js';
import type { Digest } from '../hashing/digest.js';
import { filesByName, imagesByName } from '../manifest/components-of-kind.js';
import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { Measurement } from '../measurement/measurement.js';
import { type FoundDigests, foundDigests } from './found-digests.js';
import type { ManifestChoice } from './manifest-choice.js';

/** The manifests of the release that list what was found of one subject. */
export interface SubjectManifests {
  /** Those in force; for what none of them lists also others that do. In the release's order. */
  readonly matches: readonly ManifestStanding[];
  /** One for each thing found; empty unless manifests in force list the component differently. */
  readonly choices: readonly ManifestChoice[];
}

/** What one manifest lists of a component. */
interface Listing {
  readonly standing: ManifestStanding;
  readonly entries: readonly { readonly digest: Digest; readonly paths: readonly string[] | null }[];
}

type Component = Pick<FoundDigests, 'kind' | 'component'>;

/** Says of measurements which manifests list what was found. */
export interface ManifestMatcher {
  /** Undefined for a subject that no manifest can list. */
  readonly match: (measurement: Measurement) => SubjectManifests | undefined;
  /** The manifests in force that list a component differently than another does. */
  readonly alternatives: () => ManifestStanding[];
}

/** Pure; what it learns of the manifests it learns once. */
export function manifestMatcher(context: AppraisalContext): ManifestMatcher {
  const standings = manifestStandings(context);
  const known = new Map<string, readonly Listing[]>();
  const listingsOf = (component: Component): readonly Listing[] => {
    const key = `${component.kind}:${component.component}`;
    const listings = known.get(key) ?? listing(component, standings);
    known.set(key, listings);
    return listings;
  };
  return {
    match(measurement) {
      const found = foundDigests(measurement);
      return found === undefined ? undefined : matchFound(found, listingsOf(found));
    },
    alternatives() {
      const different = new Set<ManifestStanding>();
      for (const { kind, name } of standings.flatMap(({ verified }) => verified.manifest.components)) {
        // a component may be a file in one and an image in another: then only its programs tell them apart
        for (const of of [kind, 'process'] as const) {
          const listings = listingsOf({ kind: of, component: name }).filter(isInForce);
          if (!areEqual(listings)) for (const { standing } of listings) different.add(standing);
        }
      }
      return standings.filter((standing) => different.has(standing));
    },
  };
}

function matchFound({ found, path }: FoundDigests, listings: readonly Listing[]): SubjectManifests {
  const perThing = found.map((alternatives) => listings.filter((listing) => lists(listing, alternatives, path)));
  const counting = perThing.map((ofThing) => ofThing.filter(isInForce)).filter((ofThing) => ofThing.length > 0);
  const others = perThing.filter((ofThing) => !ofThing.some(isInForce)).flat();
  const common = (counting[0] ?? []).filter((listing) => counting.every((ofThing) => ofThing.includes(listing)));
  const matched = new Set([...(common.length > 0 ? common : counting.flat()), ...others]);
  const among = listings.filter(isInForce);
  return {
    matches: listings.filter((listing) => matched.has(listing)).map(({ standing }) => standing),
    choices: areEqual(among)
      ? []
      : counting.map((ofThing) => ({ among: among.map(digestOf), matched: ofThing.map(digestOf) })),
  };
}

function lists({ entries }: Listing, digests: readonly Digest[], path: string | null): boolean {
  return entries.some(
    (entry) => digests.includes(entry.digest) && (path === null || entry.paths === null || entry.paths.includes(path)),
  );
}

function listing(component: Component, standings: readonly ManifestStanding[]): Listing[] {
  return standings.flatMap((standing) => {
    const entries = entriesOf(standing.verified, component);
    return entries.length === 0 ? [] : [{ standing, entries }];
  });
}

function entriesOf(manifest: VerifiedManifest, { kind, component }: Component): Listing['entries'] {
  const files = kind === 'image' ? [] : (filesByName([manifest]).get(component) ?? []);
  const images = kind === 'file' ? [] : (imagesByName([manifest]).get(component) ?? []);
  const ofImages = kind === 'image' ? images : images.flatMap(({ executables }) => executables);
  return [
    ...files.map(({ digest, paths }) => ({ digest, paths })),
    ...ofImages.map(({ digest }) => ({ digest, paths: null })),
  ];
}

function isInForce({ standing }: Listing): boolean {
  return standing.state === 'in-force';
}

function digestOf({ standing }: Listing): Digest {
  return standing.verified.digest;
}

/** Whether they list the same contents. */
function areEqual(listings: readonly Listing[]): boolean {
  const contents = listings.map(({ entries }) => [...new Set(entries.map(({ digest }) => digest))].sort().join(' '));
  return new Set(contents).size <= 1;
}

import type { ManifestStanding } from '../appraisal/manifest-standing.js';
import type { SubjectManifests } from './manifest-matcher.js';

/** Under a subject: which version it is, where that is not plain because another would count, or because it does not count. */
export function manifestNotes({ matches, choices }: SubjectManifests): string[] {
  return matches
    .filter(({ state }) => state !== 'in-force' || choices.length > 0)
    .map((standing) => `matches manifest ${nameOf(standing)}${whenOf(standing)}`);
}

function nameOf({ verified: { digest, manifest } }: ManifestStanding): string {
  return `${manifest.id} [${digest}]`;
}

function whenOf(standing: ManifestStanding): string {
  switch (standing.state) {
    case 'to-come':
      return `, which counts from ${standing.from} on`;
    case 'in-force':
      return standing.until === null ? '' : `, which counts until ${standing.until}`;
    case 'ended':
      return `, which counted until ${standing.until}`;
  }
}

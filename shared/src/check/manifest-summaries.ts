import type { AppraisalContext } from '../appraisal/appraisal-context.js';
import { manifestsInForce } from '../appraisal/appraise.js';
import type { ManifestSummary } from './check-result.js';

/** The manifests that the release has in force, also one that has expired. */
export function manifestSummaries(context: AppraisalContext): ManifestSummary[] {
  const ends = new Map(context.release.manifests.map(({ digest, until }) => [digest, until]));
  return manifestsInForce(context).map(({ digest, manifest: { id, notAfter } }) => {
    return { id, digest, notAfter, until: ends.get(digest) ?? null };
  });
}

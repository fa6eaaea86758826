import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import { processComponents } from '@sealwatch/shared/appraisal/appraise-processes.js';
import type { VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';

/** Components whose processes are looked for, and the manifests that say where their programs are. */
export interface WantedComponents {
  /** In order. */
  readonly components: readonly string[];
  readonly manifests: readonly VerifiedManifest[];
}

/** All that any manifest of the release lists, whatever the role. Null if the policy wants no process evidence. */
export function wantedProcesses(context: Pick<AppraisalContext, 'release' | 'manifests'>): WantedComponents | null {
  const { release, manifests } = context;
  if (!release.policy.require.includes('process')) return null;
  return { components: processComponents(manifests), manifests };
}

import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import { processComponents } from '@sealwatch/shared/appraisal/appraise-processes.js';
import type { WantedComponents } from './wanted-processes.js';

/** All components that any manifest of the release lists, whatever the role. Null if the policy wants no module evidence. */
export function wantedModules(context: Pick<AppraisalContext, 'release' | 'manifests'>): WantedComponents | null {
  const { release, manifests } = context;
  if (!release.policy.require.includes('module')) return null;
  return { components: processComponents(manifests), manifests };
}

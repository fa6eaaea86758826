import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import { requiredImages } from '@sealwatch/shared/appraisal/appraise-images.js';
import { imagesByName } from '@sealwatch/shared/manifest/components-of-kind.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';

/** A component whose images are looked for, with the images that any manifest lists for it. */
export interface WantedImages {
  readonly component: string;
  readonly listed: readonly ImageComponent[];
}

/** What is left of a report's room for subjects is for files. */
const MAX_COMPONENTS = 100;

/**
 * The components of kind image that this host is asked about, in the order of their names: those its role requires and
 * those any manifest of the release lists, also one whose window has not begun. None if the policy wants no image
 * evidence. Those that are too many are left out and so become `evidence.missing`, never a silent pass.
 */
export function wantedImages(context: Pick<AppraisalContext, 'release' | 'role' | 'manifests'>): WantedImages[] {
  if (!context.release.policy.require.includes('image')) return [];
  const listed = imagesByName(context.manifests);
  const names = [...new Set([...listed.keys(), ...requiredImages(context)])].sort();
  return names.slice(0, MAX_COMPONENTS).map((component) => ({ component, listed: listed.get(component) ?? [] }));
}

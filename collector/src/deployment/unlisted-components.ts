import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import { manifestsInForce } from '@sealwatch/shared/appraisal/appraise.js';
import { requiredFiles } from '@sealwatch/shared/appraisal/appraise-files.js';
import { requiredImages } from '@sealwatch/shared/appraisal/appraise-images.js';
import { filesByName, imagesByName } from '@sealwatch/shared/manifest/components-of-kind.js';
import { type Role, ROLES } from '@sealwatch/shared/subject/component.js';

export interface UnlistedComponent {
  readonly role: Role;
  readonly component: string;
}

/**
 * Components that a role with hosts requires and no manifest in force at that moment lists: with such a release
 * every host of the role fails.
 */
export function unlistedComponents(context: Omit<AppraisalContext, 'role'>): UnlistedComponent[] {
  return ROLES.filter((role) => context.release.hosts.some((host) => host.role === role)).flatMap((role) => {
    const inForce = manifestsInForce({ ...context, role });
    const files = filesByName(inForce);
    const images = imagesByName(inForce);
    return [
      ...[...requiredFiles(context.release, role)].filter((component) => !files.has(component)),
      ...[...requiredImages({ ...context, role })].filter((component) => !images.has(component)),
    ].map((component) => ({ role, component }));
  });
}

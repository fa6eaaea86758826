import { filesByName } from '@sealwatch/shared/manifest/components-of-kind.js';
import type { VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { MAX_SUBJECTS } from '@sealwatch/shared/statement/report.js';
import { type FileSubject, HOST_ASPECTS, subjectId } from '@sealwatch/shared/subject/subject.js';

/** Room a report has for files beside the host's own aspects. */
const MAX_FILES: number = MAX_SUBJECTS - HOST_ASPECTS.length;

/**
 * Every path any of the manifests names, once per component, in the order of their ids. All manifests of the release
 * count, also those whose window has not begun: when it begins, their files have been measured. More than a report can
 * carry are left out and so become `evidence.missing`, never a silent pass.
 */
export function fileSubjects(manifests: readonly VerifiedManifest[]): FileSubject[] {
  const subjects = new Map<string, FileSubject>();
  for (const [component, entries] of filesByName(manifests)) {
    for (const path of entries.flatMap(({ paths }) => paths)) {
      const subject: FileSubject = { kind: 'file', component, path };
      subjects.set(subjectId(subject), subject);
    }
  }
  const sorted = [...subjects].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.slice(0, MAX_FILES).map(([, subject]) => subject);
}

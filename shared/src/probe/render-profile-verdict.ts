import type { Severity } from '../appraisal/catalogue-entry.js';
import { renderSubjectLine } from '../check/render-subject-line.js';
import { printable } from '../runtime/printable.js';
import { observationPasses } from './judge-observation.js';
import type { TlsProfile } from './profile.js';
import type { ProfileFinding } from './profile-finding.js';

const ORDER: readonly Severity[] = ['fail', 'unknown', 'warn'];

/** The verdict of a profile on a line of its own, then each finding, the gravest first, with the rule it breaks. */
export function renderProfileVerdict(
  profile: TlsProfile,
  findings: readonly ProfileFinding[],
  color: boolean,
): string[] {
  const gravest = ORDER.find((severity) => findings.some((finding) => finding.severity === severity));
  const statement = observationPasses(findings) ? 'Passed' : 'Not Passed';
  const sorted = [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return [
    renderSubjectLine(`Profile: ${profile.name} (${profile.title})`, statement, gravest ?? 'ok', color),
    ...sorted.flatMap((finding) => [
      `    ${renderSubjectLine(`${finding.meaning} (${finding.code})`, '', finding.severity, color).trim()}`,
      `        found:    ${printable(finding.item)}`,
      `        source:   ${printable(finding.source)}`,
    ]),
  ];
}

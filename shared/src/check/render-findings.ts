import type { JudgedFinding } from '../appraisal/evaluate.js';
import { printable } from '../runtime/printable.js';
import { renderSubjectLine } from './render-subject-line.js';
import { statusOfSeverity } from './status-mark.js';

const INDENT = '    ';

/** Under a subject's line: for each finding what it means, what was expected, what was found, what to do, what auditors call it. */
export function renderFindings(findings: readonly JudgedFinding[]): string[] {
  return findings.flatMap((finding) => [
    `${INDENT}${printable(finding.meaning)} (${printable(finding.code)})`,
    ...renderDetail(finding),
  ]);
}

/** Findings that belong to no subject: each is a marked line of its own, with its detail under it. */
export function renderOwnLines(findings: readonly JudgedFinding[], color: boolean): string[] {
  return findings.flatMap((finding) => {
    const { code, subject, meaning, severity } = finding;
    const about = subject === 'host' || subject === 'cluster' ? code : `${code} ${subject}`;
    return [
      renderSubjectLine(meaning, '', statusOfSeverity(severity), color),
      `${INDENT}${printable(about)}`,
      ...renderDetail(finding),
    ];
  });
}

function renderDetail({ expected, observed, remedy, references = [] }: JudgedFinding): string[] {
  const lines: string[] = [];
  if (expected !== null) lines.push(`${INDENT}expected: ${printable(expected)}`);
  if (observed !== null) lines.push(`${INDENT}found:    ${printable(observed)}`);
  lines.push(`${INDENT}to do:    ${printable(remedy)}`);
  if (references.length > 0) lines.push(`${INDENT}known as: ${printable(namesOf(references).join(', '))}`);
  return lines;
}

/** STIG and CCE identifiers, each once; of a rule that has neither, its name. */
function namesOf(references: NonNullable<JudgedFinding['references']>): string[] {
  const names = references.flatMap(({ rule, stig, cce }) =>
    stig === null && cce === null ? [rule] : [...(stig ?? []), ...(cce === null ? [] : [cce])],
  );
  return [...new Set(names)];
}

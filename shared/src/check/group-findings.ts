import type { AppraisalContext } from '../appraisal/appraisal-context.js';
import type { JudgedFinding } from '../appraisal/evaluate.js';
import type { Measurement } from '../measurement/measurement.js';
import type { SubjectStatus } from './check-result.js';

/** What the lines of one host are made of. */
export interface HostEvidence {
  readonly measurements: readonly Measurement[];
  readonly findings: FindingsBySubject;
  readonly context: AppraisalContext;
  readonly hasEvidence: boolean;
}

export type FindingsBySubject = ReadonlyMap<string, readonly JudgedFinding[]>;

export function groupBySubject(findings: readonly JudgedFinding[]): FindingsBySubject {
  const groups = new Map<string, JudgedFinding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.subject);
    if (group === undefined) groups.set(finding.subject, [finding]);
    else group.push(finding);
  }
  return groups;
}

/** The gravest of the findings; without any, what the line stands for by itself. */
export function statusOf(findings: readonly JudgedFinding[], otherwise: SubjectStatus): SubjectStatus {
  for (const severity of ['fail', 'unknown', 'warn'] as const) {
    if (findings.some((finding) => finding.severity === severity)) return severity;
  }
  return otherwise;
}

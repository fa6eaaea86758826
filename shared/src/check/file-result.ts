import type { JudgedFinding } from '../appraisal/evaluate.js';
import type { FileMeasurement, FileObservation } from '../measurement/file-measurement.js';
import { subjectId } from '../subject/subject.js';
import type { SubjectResult, SubjectStatus } from './check-result.js';
import { statusOf } from './group-findings.js';

/**
 * The line of one measured path. `Signature Validated` is said of a digest the manifests list for this component at
 * this path, and of nothing else: no missing finding can bring it about.
 */
export function fileResult(
  { subject, observed }: FileMeasurement,
  findings: readonly JudgedFinding[],
  signed: ReadonlySet<string>,
): SubjectResult {
  const { statement, unjudged } = statementOf(subject.path, observed, signed);
  return {
    id: subjectId(subject),
    kind: 'file',
    label: `${subject.path} [file]`,
    statement,
    status: statusOf(findings, unjudged),
    observed: observedText(observed),
    findings,
  };
}

/** What the line says, and its status should the appraisal have found nothing. */
function statementOf(
  path: string,
  observed: FileObservation,
  signed: ReadonlySet<string>,
): { statement: string; unjudged: SubjectStatus } {
  switch (observed.state) {
    case 'absent':
      return { statement: 'Missing', unjudged: 'not-checked' };
    case 'unreadable':
      return { statement: 'Unreadable', unjudged: 'unknown' };
    case 'not-regular':
      return { statement: 'Not A Regular File', unjudged: 'unknown' };
    case 'present':
      if (signed.size === 0) return { statement: 'Not In A Manifest In Force', unjudged: 'not-checked' };
      if (!signed.has(observed.digest)) return { statement: 'Signature Invalid', unjudged: 'unknown' };
      if (observed.realPath !== path) return { statement: 'Redirected', unjudged: 'unknown' };
      return { statement: 'Signature Validated', unjudged: 'ok' };
  }
}

function observedText(observed: FileObservation): string | null {
  switch (observed.state) {
    case 'absent':
      return null;
    case 'unreadable':
      return observed.reason;
    case 'not-regular':
      return observed.fileType;
    case 'present':
      return observed.digest;
  }
}

import type { Severity } from '../appraisal/catalogue-entry.js';
import type { Verdict } from '../appraisal/verdict.js';
import type { SubjectStatus } from './check-result.js';

/** A mark at the end of a line. `not-checked` has none: such a line is a note, not an answer. */
export type MarkedStatus = Exclude<SubjectStatus, 'not-checked'>;

/** Bold red, green and so on, as SGR parameters (ECMA-48 §8.3.117). */
const MARKS: Readonly<Record<MarkedStatus, { text: string; sgr: string }>> = {
  ok: { text: '[OK]', sgr: '32' },
  fail: { text: '[FAIL]', sgr: '1;31' },
  warn: { text: '[WARN]', sgr: '33' },
  unknown: { text: '[UNKNOWN]', sgr: '1;35' },
};

export function statusMark(status: MarkedStatus, color: boolean): string {
  const { text, sgr } = MARKS[status];
  return color ? `\u001b[${sgr}m${text}\u001b[0m` : text;
}

/** The mark of a finding that stands on a line of its own. A severity's name is its status's name. */
export function statusOfSeverity(severity: Severity): MarkedStatus {
  return severity;
}

/** How a verdict is marked where it stands in a line or table. */
export function statusOfVerdict(verdict: Verdict): MarkedStatus {
  switch (verdict) {
    case 'compliant':
      return 'ok';
    case 'noncompliant':
      return 'fail';
    case 'unknown':
      return 'unknown';
  }
}

import { evaluate, type JudgedFinding } from '../appraisal/evaluate.js';
import { finding } from '../appraisal/finding.js';
import { type CalendarDate, calendarDate } from '../cmvp/calendar-date.js';
import { certificateDeviations } from '../cmvp/certificate-findings.js';
import { type ModuleClaim, moduleParagraph, type ModuleParagraph } from '../cmvp/module-paragraph.js';
import { type Timestamp, wallTime } from '../runtime/timestamp.js';
import type { Release } from '../trust/release.js';

/**
 * What the release's list of certificates says of the modules in use on a day: the part of the answer that `--as-of`
 * moves, and nothing else of it.
 * @param input.claims what others say about the modules of the components in use
 * @param input.asOf null: the day of `at`
 */
export function certificateSection(input: {
  release: Pick<Release, 'cmvp' | 'policy'>;
  claims: readonly ModuleClaim[];
  asOf: CalendarDate | null;
  at: Timestamp;
}): { certificates: ModuleParagraph; findings: JudgedFinding[] } {
  const { release, claims, asOf, at } = input;
  const certificates = moduleParagraph(claims, release.cmvp, asOf ?? calendarDate(wallTime(at)));
  const deviations = certificateDeviations(certificates).map(({ code, expected, observed }) =>
    finding(code, 'cluster', expected, observed),
  );
  return { certificates, findings: evaluate(deviations, release.policy).findings };
}

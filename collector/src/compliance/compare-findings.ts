import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import { RULESET } from '@sealwatch/shared/appraisal/appraise.js';
import { type Finding, finding } from '@sealwatch/shared/appraisal/finding.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import type { Report } from '@sealwatch/shared/statement/report.js';
import { rememberedAppraisal } from './remembered-appraisal.js';

/**
 * A host is never believed about its own conclusion: its measurements are appraised again, as of its own time and
 * release. Equal rules that give other findings mean the host contradicts itself. Other rules: only ours count.
 * @param context of the release the report names; undefined if we don't know that release
 */
export function compareFindings(
  report: Report,
  measurements: readonly Measurement[],
  context: Omit<AppraisalContext, 'at'> | undefined,
): Finding[] {
  if (context === undefined) {
    return [
      finding(
        'host.release-unknown',
        'host',
        'a release known here',
        `version ${String(report.release.version)}, ${report.release.digest}`,
      ),
    ];
  }
  if (report.ruleset !== RULESET) return [];
  const ours = rememberedAppraisal(measurements, { ...context, at: report.at })
    .map(identity)
    .sort();
  const theirs = report.findings.map(identity).sort();
  if (ours.length === theirs.length && ours.every((text, index) => text === theirs[index])) return [];
  return [finding('appraisal.mismatch', 'host', summary(ours), summary(theirs))];
}

function identity({ code, subject, expected, observed }: Finding): string {
  return JSON.stringify([code, subject, expected, observed]);
}

function summary(findings: readonly string[]): string {
  if (findings.length === 0) return 'no findings';
  const codes = findings.slice(0, 3).map((text) => (JSON.parse(text) as string[]).slice(0, 2).join(' '));
  return `${String(findings.length)} findings: ${codes.join(', ')}${findings.length > 3 ? ', …' : ''}`;
}

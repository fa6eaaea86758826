import type { JudgedFinding } from '../appraisal/evaluate.js';
import type { HostMeasurement } from '../measurement/host-measurement.js';
import type { Generation } from '../platform/operating-system.js';
import type { PlatformDeviationCode } from '../platform/platform-deviation.js';
import { stigReferences } from '../platform/stig-references.js';
import { subjectId } from '../subject/subject.js';
import type { SubjectResult, SubjectStatus } from './check-result.js';
import { statusOf } from './group-findings.js';
import { type PlatformSummary, platformSummary } from './platform-summary.js';

const SUBJECT = { kind: 'host', aspect: 'platform' } as const;

/**
 * The host's operating system and FIPS mode. Undefined: nothing was measured, and nobody minds.
 * @param judged whether the appraisal looked at it and could have objected
 */
export function platformResult(
  observed: HostMeasurement['observed'] | undefined,
  findings: readonly JudgedFinding[],
  judged: boolean,
): SubjectResult | undefined {
  if (observed === undefined && findings.length === 0) return undefined;
  const base = { id: subjectId(SUBJECT), kind: 'host' } as const;
  if (observed?.state !== 'platform') {
    return {
      ...base,
      label: 'Operating system and FIPS mode',
      statement: observed === undefined ? 'Not Measured' : 'Unreadable',
      status: statusOf(findings, judged ? 'unknown' : 'not-checked'),
      observed: observed?.state === 'unreadable' ? observed.reason : null,
      findings,
    };
  }
  const platform = platformSummary(observed.platform);
  return {
    ...base,
    label: systemText(platform),
    statement: fipsText(platform),
    status: statusOf(findings, judged ? unobjected(platform) : 'not-checked'),
    observed: platform.fips.witnesses.map(({ name, observed: said }) => `${name}: ${said}`).join('; '),
    findings: findings.map((finding) => withReferences(finding, platform.system?.generation ?? null)),
    platform,
  };
}

/** `Red Hat Enterprise Linux 8.10 [supported]` */
export function systemText({ system }: PlatformSummary): string {
  return system === null ? 'Operating system not known' : `${system.name} [${system.support}]`;
}

export function fipsText({ fips }: PlatformSummary): string {
  switch (fips.state) {
    case 'enabled':
      return 'FIPS mode enabled';
    case 'disabled':
      return 'FIPS mode disabled';
    case 'inconsistent':
      return 'FIPS mode inconsistent';
    case 'unknown':
      return 'FIPS mode not known';
  }
}

/** Good only for what says so: no missing finding can bring it about. */
function unobjected({ system, fips }: PlatformSummary): SubjectStatus {
  return system?.support === 'supported' && fips.state === 'enabled' ? 'ok' : 'unknown';
}

/** Rules are written for one generation; on another system their names would only mislead. */
function withReferences(finding: JudgedFinding, generation: Generation | null): JudgedFinding {
  // a code without references has none in the table, whatever it is
  const references = generation === null ? [] : stigReferences(finding.code as PlatformDeviationCode, generation);
  return references.length === 0 ? finding : { ...finding, references };
}

import { isCertificateFinding } from '../cmvp/certificate-findings.js';
import type { StigReference } from '../platform/stig-references.js';
import type { Policy } from '../trust/policy.js';
import type { Finding } from './finding.js';
import type { Severity } from './catalogue-entry.js';
import { catalogued, type FindingCode } from './finding-catalogue.js';
import type { Verdict } from './verdict.js';

/** A finding with its weight under a policy, and what to tell the operator. */
export interface JudgedFinding extends Finding {
  readonly severity: Severity;
  readonly meaning: string;
  readonly remedy: string;
  /** Under which names auditors know it on this host's system; left out where there are none. */
  readonly references?: readonly StigReference[];
}

/** Findings against policy (RFC 9334 §2: Appraisal Policy). Pure. Waivers will come in here. */
export function evaluate(
  findings: readonly Finding[],
  policy: Policy,
): { verdict: Verdict; findings: JudgedFinding[] } {
  const judged = findings.map((finding) => {
    const { meaning, remedy } = catalogued(finding.code);
    return { ...finding, severity: severityOf(finding.code, policy), meaning, remedy };
  });
  return { verdict: verdictOf(judged), findings: judged };
}

/** Fail closed: one failure is a no; one thing not known makes the whole not known. */
export function verdictOf(findings: readonly JudgedFinding[]): Verdict {
  if (findings.some(({ severity }) => severity === 'fail')) return 'noncompliant';
  if (findings.some(({ severity }) => severity === 'unknown')) return 'unknown';
  return 'compliant';
}

/**
 * What a demonstration on a machine that is no FIPS host may look past, and nothing else: that it is not in FIPS mode,
 * and that its system is none for it. Never that signs of FIPS mode contradict each other or come from elsewhere.
 */
const DEMONSTRATION_WARNINGS: readonly FindingCode[] = [
  'host.fips-disabled',
  'host.fips-unreadable',
  'host.unsupported-os',
  'host.os-unreadable',
];

function severityOf(code: FindingCode, policy: Policy): Severity {
  const { severity, fixed } = catalogued(code);
  if (policy.demonstration && DEMONSTRATION_WARNINGS.includes(code)) return 'warn';
  if (policy.requireActiveCertificate && isCertificateFinding(code)) return 'fail';
  return fixed ? severity : (policy.severities[code] ?? severity);
}

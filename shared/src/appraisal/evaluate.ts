import type { Policy } from '../trust/policy.js';
import type { Finding } from './finding.js';
import { catalogued, type FindingCode, type Severity } from './finding-catalogue.js';
import type { Verdict } from './verdict.js';

/** A finding with its weight under a policy, and what to tell the operator. */
export interface JudgedFinding extends Finding {
  readonly severity: Severity;
  readonly meaning: string;
  readonly remedy: string;
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

/** What a demonstration on a machine that is no FIPS host may look past, and nothing else. */
const DEMONSTRATION_WARNINGS: readonly FindingCode[] = ['host.fips-disabled', 'host.fips-unreadable'];

function severityOf(code: FindingCode, policy: Policy): Severity {
  const { severity, fixed } = catalogued(code);
  if (policy.demonstration && DEMONSTRATION_WARNINGS.includes(code)) return 'warn';
  return fixed ? severity : (policy.severities[code] ?? severity);
}

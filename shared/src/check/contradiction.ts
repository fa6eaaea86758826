import type { JudgedFinding } from '../appraisal/evaluate.js';
import type { CheckResult, HostResult } from './check-result.js';

/**
 * What in a document denies its own `compliant`, in words; undefined if nothing does. A yes that a part of the same
 * document contradicts is an error of whoever wrote it, and must not become exit status 0.
 */
export function contradiction({ verdict, findings, hosts, coverage }: CheckResult): string | undefined {
  if (verdict === 'compliant') {
    const failing = coverage.failing[0];
    if (failing !== undefined) return `${failing.name} is listed as not compliant`;
    if (coverage.declared === 0) return 'no host is declared';
    if (decides(findings)) return 'the cluster has findings';
    const host = hosts.find((candidate) => candidate.verdict !== 'compliant');
    if (host !== undefined) return `${host.name} is ${host.verdict}`;
  }
  return hosts.map(hostContradiction).find((found) => found !== undefined);
}

/** The same for one host. */
export function hostContradiction({ name, verdict, findings, subjects }: HostResult): string | undefined {
  if (verdict !== 'compliant') return undefined;
  if (decides(findings)) return `${name} has findings`;
  const subject = subjects.find(
    ({ status, findings: own }) => status === 'fail' || status === 'unknown' || decides(own),
  );
  return subject === undefined ? undefined : `${name} has findings about ${subject.id}`;
}

function decides(findings: readonly JudgedFinding[]): boolean {
  return findings.some(({ severity }) => severity !== 'warn');
}

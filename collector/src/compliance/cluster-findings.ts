import { evaluate, type JudgedFinding } from '@sealwatch/shared/appraisal/evaluate.js';
import { type Finding, finding } from '@sealwatch/shared/appraisal/finding.js';
import type { Inception } from '@sealwatch/shared/trust/inception.js';
import type { Release } from '@sealwatch/shared/trust/release.js';
import { NO_POLICY } from './no-policy.js';

/** What is said of the cluster as a whole, beside its hosts. */
export function clusterFindings(
  inception: Inception,
  release: Release | undefined,
  undeclared: readonly string[],
): JudgedFinding[] {
  const findings: Finding[] = [];
  if (inception.mode !== 'fips')
    findings.push(finding('cluster.standard-mode', 'cluster', 'mode fips at inception', `mode ${inception.mode}`));
  if (release === undefined) findings.push(finding('cluster.no-release', 'cluster', 'a release', 'none'));
  for (const name of [...undeclared].sort())
    findings.push(finding('host.undeclared', `host:${name}`, 'a declared host', name));
  return evaluate(findings, release?.policy ?? NO_POLICY).findings;
}

import type { SubjectResult } from './check-result.js';
import { NOT_CHECKED } from './component-results.js';
import type { HostEvidence } from './group-findings.js';

/** The TLS services of the host's role. This version looks at none of them and says so. */
export function serviceResults({ context, findings, hasEvidence }: HostEvidence): SubjectResult[] {
  if (!hasEvidence) return [];
  const { release, role } = context;
  return release.policy.services
    .filter(({ name, roles }) => roles.includes(role) && !findings.has(`service:${name}`))
    .map(({ name, address }) => ({
      id: `service:${name}`,
      kind: 'service',
      label: `Service: ${name} [${address}]`,
      statement: NOT_CHECKED,
      status: 'not-checked',
      observed: null,
      findings: [],
    }));
}

import { type Finding, finding } from '@sealwatch/shared/appraisal/finding.js';
import { formatDuration } from '@sealwatch/shared/runtime/duration.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { HOST_ASPECTS, subjectId } from '@sealwatch/shared/subject/subject.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import type { HostState } from './host-state.js';

const SKEW_WARNING_MS = 60_000;

/**
 * What silence, age and memory say about a host, beside what it measured. Silence never lifts a failure: these come
 * on top of the findings of the last measurement.
 * @param monotonic now, on the clock of `heardAt` and `freshAt`
 */
export function standingFindings(state: HostState, policy: Policy, monotonic: number): Finding[] {
  const { enrollment, evidence } = state;
  if (enrollment === null) return [finding('host.not-enrolled', 'host', 'an enrolled agent', 'none')];
  const findings = changedAuthorities(state);
  if (enrollment.revoked) return [...findings, finding('host.revoked', 'host', 'a valid enrolment', 'revoked')];
  if (evidence === null) return [...findings, finding('host.never-reported', 'host', 'a signed report', 'none')];
  const silence = silenceLimit(state, policy);
  if (state.heardAt === null || monotonic - state.heardAt > silence) {
    const last =
      state.heardAtWall === null ? 'nothing since the collector started' : `last heard ${timestamp(state.heardAtWall)}`;
    findings.push(finding('host.silent', 'host', `a sign of life every ${formatDuration(silence)}`, last));
  }
  const age = evidenceLimit(state, policy);
  if (evidence.freshAt === null || monotonic - evidence.freshAt > age) {
    findings.push(
      finding(
        'host.evidence-stale',
        'host',
        `signed evidence every ${formatDuration(age)}`,
        `signed ${timestamp(evidence.signedAt)}`,
      ),
    );
  }
  if (state.skewMs !== null && Math.abs(state.skewMs) > SKEW_WARNING_MS) {
    findings.push(
      finding(
        'host.clock-skew',
        'host',
        'within 1m',
        `${String(Math.round(state.skewMs / 1000))}s behind the collector`,
      ),
    );
  }
  return findings;
}

/** Three missed heartbeats, or what the policy allows if that is less. Milliseconds. */
export function silenceLimit({ announced }: HostState, policy: Policy): number {
  return Math.min(3 * (announced?.heartbeatIntervalMs ?? policy.heartbeatIntervalMs), policy.staleAfterMs);
}

/** Two missed scans, or what the policy allows if that is less. Milliseconds. */
export function evidenceLimit({ announced }: HostState, policy: Policy): number {
  return Math.min(2 * (announced?.scanIntervalMs ?? policy.scanIntervalMs), policy.evidenceMaxAgeMs);
}

/** A cluster's authorities are made once; another one under the same name means the cluster was rebuilt unseen. */
function changedAuthorities({ authorities }: HostState): Finding[] {
  return HOST_ASPECTS.flatMap((aspect) => {
    const [first, ...later] = authorities.filter((seen) => seen.aspect === aspect);
    const last = later.at(-1);
    if (first === undefined || last === undefined) return [];
    return [
      finding(
        'cluster.tainted',
        subjectId({ kind: 'host', aspect }),
        `the authority first seen, ${first.digest}`,
        last.digest,
      ),
    ];
  });
}

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
  if (evidence.head.epoch < enrollment.epoch) {
    // what an agent before this one said vouches for nothing any more, but its failures stand
    const epoch = String(enrollment.epoch);
    findings.push(finding('host.never-reported', 'host', `a signed report of enrolment ${epoch}`, 'none'));
  }
  const silence = silenceLimit(state, policy);
  if (state.heardAt === null || monotonic - state.heardAt > silence) {
    const last =
      state.heardAtWall === null ? 'nothing since the collector started' : `last heard ${timestamp(state.heardAtWall)}`;
    findings.push(finding('host.silent', 'host', `a sign of life every ${formatDuration(silence)}`, last));
  }
  const until = evidenceUntil(state, policy);
  if (until === null || monotonic > until) {
    findings.push(
      finding(
        'host.evidence-stale',
        'host',
        `signed evidence every ${formatDuration(evidenceLimit(state, policy))}`,
        `signed ${timestamp(evidence.signedAt)}`,
      ),
    );
  }
  if (state.skewMs !== null && Math.abs(state.skewMs) > SKEW_WARNING_MS) {
    const seconds = String(Math.round(Math.abs(state.skewMs) / 1000));
    const side = state.skewMs > 0 ? 'behind' : 'ahead of';
    findings.push(finding('host.clock-skew', 'host', 'within 1m', `${seconds}s ${side} the collector`));
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

/**
 * Monotonic moment until which a host's evidence is fresh; null if it never was. An interval that was just shortened counts from
 * when that was announced, or every host would be stale until its next scan.
 */
export function evidenceUntil(state: HostState, policy: Policy): number | null {
  const freshAt = state.evidence?.freshAt ?? null;
  if (freshAt === null) return null;
  const since = Math.max(freshAt, state.announced?.scanIntervalSince ?? freshAt);
  return Math.min(since + evidenceLimit(state, policy), freshAt + policy.evidenceMaxAgeMs);
}

/**
 * A cluster's authorities are made once; another one under the same name means the cluster was rebuilt unseen. One that
 * is not shown any more could have been found too old: what was to be seen on it is not taken back by hiding it.
 */
function changedAuthorities({ authorities, evidence }: HostState): Finding[] {
  return HOST_ASPECTS.flatMap((aspect) => {
    const [first, ...later] = authorities.filter((seen) => seen.aspect === aspect);
    if (first === undefined) return [];
    const subject = subjectId({ kind: 'host', aspect });
    const expected = `the authority first seen, ${first.digest}`;
    const last = later.at(-1);
    if (last !== undefined) return [finding('cluster.tainted', subject, expected, last.digest)];
    const now = evidence?.measurements.find((measurement) => subjectId(measurement.subject) === subject);
    return now?.observed.state === 'absent' ? [finding('cluster.taint-unknown', subject, expected, 'absent')] : [];
  });
}

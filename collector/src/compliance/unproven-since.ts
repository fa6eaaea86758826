import { type Timestamp, timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { Report } from '@sealwatch/shared/statement/report.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import type { HostEvidence, HostState } from './host-state.js';
import { evidenceLimit } from './standing-findings.js';

/**
 * Host time until which the evidence before a report reaches, if the report begins so much later that nothing proves
 * what was between: the outbox was full, the agent did not run, or reports are missing. Null if it goes on from there.
 */
export function unprovenSince(
  state: HostState,
  report: Pick<Report, 'at' | 'carriedFrom'>,
  policy: Policy,
): Timestamp | null {
  if (state.evidence === null) return null;
  const until = provenUntil(state.evidence);
  return wallTime(report.carriedFrom ?? report.at) - until > evidenceLimit(state, policy) ? timestamp(until) : null;
}

/** A seal speaks for the whole host. Of a report some may be older than it. */
function provenUntil({ report, signedAt }: HostEvidence): number {
  const reportedAt = wallTime(report.at);
  return signedAt > reportedAt ? signedAt : wallTime(report.carriedFrom ?? report.at);
}

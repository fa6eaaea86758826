import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { ClusterStatus, HostSummary, Standing } from './compliance-service.js';
import type { HostState } from './host-state.js';
import type { PostureBoard } from './posture-board.js';

/** One host in a line. */
export function summarize(state: HostState, board: PostureBoard): HostSummary {
  const { name, evidence, enrollment, verdict, reasons, heardAtWall } = state;
  return {
    name,
    role: board.roleOf(name) ?? null,
    verdict,
    standing: standingOf(state),
    epoch: enrollment?.epoch ?? 0,
    sequence: evidence?.head.sequence ?? 0,
    lastHeardAt: heardAtWall === null ? null : timestamp(heardAtWall),
    evidenceAt: evidence === null ? null : timestamp(evidence.signedAt),
    reasons,
  };
}

/** Declared hosts and enrolled ones, by name. */
export function summarizeHosts(board: PostureBoard): HostSummary[] {
  return [...board.states()]
    .filter(({ name, enrollment }) => board.roleOf(name) !== undefined || enrollment !== null)
    .map((state) => summarize(state, board))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function summarizeCluster(board: PostureBoard, clock: Clock): ClusterStatus {
  const { clusterId, clusterName, mode } = board.inception.inception;
  const { release } = board;
  const declared = (release?.release.hosts ?? []).map(({ name }) => board.state(name));
  const count = (verdict: string): number => declared.filter((state) => state.verdict === verdict).length;
  return {
    clusterId,
    clusterName,
    mode,
    verdict: board.verdict,
    demonstration: release?.release.policy.demonstration ?? false,
    releaseVersion: release?.release.version ?? 0,
    declared: declared.length,
    compliant: count('compliant'),
    noncompliant: count('noncompliant'),
    unknown: count('unknown'),
    connected: declared.filter(({ connected }) => connected).length,
    at: timestamp(clock.wall()),
  };
}

function standingOf({ enrollment, evidence, connected }: HostState): Standing {
  if (enrollment === null) return 'not-enrolled';
  if (enrollment.revoked) return 'revoked';
  if (connected) return 'connected';
  return evidence === null ? 'never-reported' : 'silent';
}

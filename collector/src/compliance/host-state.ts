import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import type { Verdict } from '@sealwatch/shared/appraisal/verdict.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import type { Head, Report } from '@sealwatch/shared/statement/report.js';
import type { HostAspect } from '@sealwatch/shared/subject/subject.js';
import type { OutsideView } from './outside-view.js';

/** All the collector holds of one host while it runs. Moments are on our own clocks unless said otherwise. */
export interface HostState {
  readonly name: string;
  enrollment: { readonly epoch: number; readonly revoked: boolean } | null;
  evidence: HostEvidence | null;
  connected: boolean;
  /** What the agent announced at Hello. */
  announced: Announced | null;
  /** Monotonic; null until something was heard (after a restart: from stored receive times). */
  heardAt: number | null;
  /** Wall clock of the same, for people. */
  heardAtWall: number | null;
  /** Our wall clock minus the host's, from live heartbeats. */
  skewMs: number | null;
  /** Authorities ever seen, first seen first. */
  authorities: { readonly aspect: HostAspect; readonly digest: Digest }[];
  /** Services as the collector sees them, by name; only those the policy wants seen so. */
  readonly outside: Map<string, OutsideView>;
  verdict: Verdict;
  /** `CODE SUBJECT` of what decides, failing ones first. */
  reasons: readonly string[];
}

export interface Announced {
  readonly heartbeatIntervalMs: number;
  readonly scanIntervalMs: number;
  /** Monotonic moment at which it announced this scan interval in place of another; null if it never had another. */
  readonly scanIntervalSince: number | null;
}

/** The newest report, what it measured and how long it is known to hold. */
export interface HostEvidence {
  readonly head: Head;
  readonly report: Report;
  readonly measurements: readonly Measurement[];
  /** From comparing the report with itself: it needs no clock and no release to come. */
  readonly reportFindings: readonly Finding[];
  /** Host wall time under signature: the report's `at`, or a seal's `until`. Milliseconds. */
  signedAt: number;
  /** Monotonic moment at which evidence of fresh host time last came; null if it was not fresh. */
  freshAt: number | null;
}

export function newHostState(name: string): HostState {
  return {
    name,
    enrollment: null,
    evidence: null,
    connected: false,
    announced: null,
    heardAt: null,
    heardAtWall: null,
    skewMs: null,
    authorities: [],
    outside: new Map<string, OutsideView>(),
    verdict: 'unknown',
    reasons: [],
  };
}

/** Only host time this close to ours makes a host fresh; backlog and wrong clocks are recorded all the same. */
const FRESH_WITHIN_MS: number = 5 * 60_000;

export function isFreshHostTime(signedAt: number, wall: number): boolean {
  return Math.abs(wall - signedAt) <= FRESH_WITHIN_MS;
}

export function announcedAnew(
  before: Announced | null,
  { heartbeatIntervalMs, scanIntervalMs }: Pick<Announced, 'heartbeatIntervalMs' | 'scanIntervalMs'>,
  monotonic: number,
): Announced {
  const changed = before !== null && before.scanIntervalMs !== scanIntervalMs;
  const scanIntervalSince = changed ? monotonic : (before?.scanIntervalSince ?? null);
  return { heartbeatIntervalMs, scanIntervalMs, scanIntervalSince };
}

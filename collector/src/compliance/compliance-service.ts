import type { Verdict } from '@sealwatch/shared/appraisal/verdict.js';
import type { CheckResult, HostResult } from '@sealwatch/shared/check/check-result.js';
import type { CalendarDate } from '@sealwatch/shared/cmvp/calendar-date.js';
import type { Timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Role } from '@sealwatch/shared/subject/component.js';
import type { Mode } from '@sealwatch/shared/trust/inception.js';
import type { VerdictChange } from '../store/report-store.js';

/** What the query API asks of compliance. */
export interface ComplianceService {
  check(request: CheckRequest): Promise<CheckResult>;
  status(): ClusterStatus;
  /** Declared hosts and enrolled undeclared ones, by name. */
  hostSummaries(): HostSummary[];
  /** Undefined for a host neither declared nor enrolled. `result` is null for an undeclared one. */
  host(name: string): { summary: HostSummary; result: HostResult | null } | undefined;
  /** Called at each change of a verdict, after it was recorded. Returns how to stop. */
  subscribe(listener: (change: VerdictChange) => void): () => void;
}

export interface CheckRequest {
  /** Empty: all declared hosts. @throws CodedError('host.undeclared') from `check` if one is not declared */
  readonly hosts: readonly string[];
  readonly cached: boolean;
  readonly timeoutMs: number;
  /** The day for which certificates are judged; null: today. */
  readonly asOf: CalendarDate | null;
  readonly onProgress: (progress: { answered: number; asked: number }) => void;
  readonly signal: AbortSignal;
}

export interface ClusterStatus {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly mode: Mode;
  readonly verdict: Verdict;
  readonly demonstration: boolean;
  /** 0 before the first release. */
  readonly releaseVersion: number;
  readonly declared: number;
  readonly compliant: number;
  readonly noncompliant: number;
  readonly unknown: number;
  readonly connected: number;
  readonly at: Timestamp;
}

export type Standing = 'connected' | 'silent' | 'never-reported' | 'not-enrolled' | 'revoked';

export interface HostSummary {
  readonly name: string;
  /** Null for an enrolled host that is not declared. */
  readonly role: Role | null;
  readonly verdict: Verdict;
  readonly standing: Standing;
  readonly epoch: number;
  readonly sequence: number;
  readonly lastHeardAt: Timestamp | null;
  readonly evidenceAt: Timestamp | null;
  /** `CODE SUBJECT`, failing ones first. */
  readonly reasons: readonly string[];
}

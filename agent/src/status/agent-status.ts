import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { isCoded, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { type Timestamp, timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import { VERSION } from '@sealwatch/shared/runtime/version.js';
import type { HostPressure } from '@sealwatch/shared/statement/scan-spending.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import { PressureGauge } from '../budget/pressure-gauge.js';
import { readHighestRelease } from '../state/release-files.js';
import type { OutboxBounds, OutboxUsage } from '../outbox/outbox.js';
import { readRejections, type Rejection } from '../outbox/rejected-files.js';
import { surveyOutbox } from '../outbox/survey-outbox.js';
import { type KeyPurpose, loadCertifiedKey } from '../state/certified-key.js';
import { type EnrollmentRecord, requireEnrollment } from '../state/enrollment-record.js';
import { lockHolder } from '../state/state-lock.js';
import { statePaths } from '../state/state-paths.js';
import { healthProblems } from './health-problems.js';
import { readStatusFile, type RunningStatus } from './status-file.js';
import type { StatusProblem } from './status-problem.js';

/** `sealwatch-agent status --output json`. */
export interface AgentStatus {
  readonly schema: 'sealwatch/agent-status/v1';
  readonly agentVersion: string;
  /** There is no problem. */
  readonly healthy: boolean;
  /** What can't be read or is not as it should be. What was found on the host is not among them. */
  readonly problems: readonly StatusProblem[];
  readonly enrollment: EnrollmentRecord;
  /** 0 for none. */
  readonly releaseVersion: number;
  /** Null before the first report. */
  readonly head: Head | null;
  readonly outbox: OutboxUsage & {
    /** Since when the oldest statement waits; null if none does. */
    readonly oldestAt: Timestamp | null;
  };
  /** The newest ten, newest first. */
  readonly rejected: readonly Rejection[];
  readonly certificates: readonly CertificateStatus[];
  /** Null if no agent runs on this state directory, or it says nothing of itself. */
  readonly running: RunningStatus | null;
  /** On this host, now. */
  readonly pressure: HostPressure;
}

export interface CertificateStatus {
  readonly purpose: KeyPurpose;
  readonly serial: string;
  readonly notAfter: Timestamp;
  readonly expired: boolean;
}

const SHOWN_REJECTIONS = 10;

export interface StatusRequest {
  readonly stateDir: string;
  /** The agent's, as configured. */
  readonly outbox: OutboxBounds;
  /** How old the last good scan may be, milliseconds. Default: two scan intervals. */
  readonly maxAgeMs?: number | undefined;
  readonly clock: Clock;
}

/** Reads, never writes, and needs no running agent. @throws CodedError('host.not-enrolled' | 'file.*' | 'store.corrupt') */
export async function agentStatus({ stateDir, outbox: bounds, maxAgeMs, clock }: StatusRequest): Promise<AgentStatus> {
  const paths = statePaths(stateDir);
  const enrollment = await requireEnrollment(paths);
  const problems: StatusProblem[] = [];
  const orProblem = async <T>(otherwise: T, read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (!isCoded(error)) throw error;
      problems.push({ code: error.code, text: reasonOf(error) });
      return otherwise;
    }
  };
  const none = { head: null, reports: 0, seals: 0, bytes: 0, oldestAt: null };
  const { head, oldestAt, ...waiting } = await orProblem(none, () => surveyOutbox(paths.outbox));
  const outbox = { ...waiting, ...bounds };
  const certificates: CertificateStatus[] = [];
  for (const purpose of ['signing', 'tls'] as const) {
    const held = await orProblem(undefined, () => loadCertifiedKey(paths.identity, purpose));
    if (held === undefined) continue;
    const { serial, notAfter } = held.leaf;
    const expired = clock.wall() > notAfter;
    const text = `the ${purpose} certificate expired at ${timestamp(notAfter)}`;
    if (expired) problems.push({ code: 'certificate.expired', text });
    certificates.push({ purpose, serial, notAfter: timestamp(notAfter), expired });
  }
  const release = await orProblem(undefined, () => readHighestRelease(paths.release));
  const rejected = (await readRejections(paths.rejected)).sort((a, b) => wallTime(b.at) - wallTime(a.at));
  const holder = await lockHolder(paths);
  const file = await readStatusFile(paths.status);
  // a file alone may be left over from an agent that was killed
  const running = file !== undefined && file.pid === holder ? file : undefined;
  const now = clock.wall();
  problems.push(...healthProblems({ holder, running, outbox: { ...outbox, oldestAt }, rejected, maxAgeMs, now }));
  return {
    schema: 'sealwatch/agent-status/v1',
    agentVersion: VERSION,
    healthy: problems.length === 0,
    problems,
    enrollment,
    releaseVersion: release?.version ?? 0,
    head,
    outbox: { ...outbox, oldestAt: oldestAt === null ? null : timestamp(oldestAt) },
    rejected: rejected.slice(0, SHOWN_REJECTIONS),
    certificates,
    running: running ?? null,
    pressure: new PressureGauge({ clock }).now(),
  };
}

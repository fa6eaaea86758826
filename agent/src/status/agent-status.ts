import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { isCoded, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { type Timestamp, timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import { VERSION } from '@sealwatch/shared/runtime/version.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import { readHighestRelease } from '../state/release-files.js';
import { readRejections, type Rejection } from '../outbox/rejected-files.js';
import { surveyOutbox } from '../outbox/survey-outbox.js';
import { type KeyPurpose, loadCertifiedKey } from '../state/certified-key.js';
import { type EnrollmentRecord, requireEnrollment } from '../state/enrollment-record.js';
import { lockHolder } from '../state/state-lock.js';
import { type StatePaths, statePaths } from '../state/state-paths.js';
import { readStatusFile, type RunningStatus } from './status-file.js';

/** `sealwatch-agent status --output json`. */
export interface AgentStatus {
  readonly schema: 'sealwatch/agent-status/v1';
  readonly agentVersion: string;
  readonly enrollment: EnrollmentRecord;
  /** 0 for none. */
  readonly releaseVersion: number;
  /** Null before the first report. */
  readonly head: Head | null;
  readonly outbox: { readonly reports: number; readonly seals: number; readonly bytes: number };
  /** The newest ten, newest first. */
  readonly rejected: readonly Rejection[];
  readonly certificates: readonly CertificateStatus[];
  /** Null if no agent runs on this state directory. */
  readonly running: RunningStatus | null;
  /** What can't be read or is not as it should be; empty is well. */
  readonly problems: readonly string[];
}

export interface CertificateStatus {
  readonly purpose: KeyPurpose;
  readonly serial: string;
  readonly notAfter: Timestamp;
  readonly expired: boolean;
}

const SHOWN_REJECTIONS = 10;

/** Reads, never writes, and needs no running agent. @throws CodedError('host.not-enrolled' | 'file.*' | 'store.corrupt') */
export async function agentStatus(stateDir: string, clock: Clock): Promise<AgentStatus> {
  const paths = statePaths(stateDir);
  const enrollment = await requireEnrollment(paths);
  const problems: string[] = [];
  const orProblem = async <T>(otherwise: T, read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (!isCoded(error)) throw error;
      problems.push(reasonOf(error));
      return otherwise;
    }
  };
  const none = { head: null, reports: 0, seals: 0, bytes: 0 };
  const { head, ...outbox } = await orProblem(none, () => surveyOutbox(paths.outbox));
  const certificates: CertificateStatus[] = [];
  for (const purpose of ['signing', 'tls'] as const) {
    const held = await orProblem(undefined, () => loadCertifiedKey(paths.identity, purpose));
    if (held === undefined) continue;
    const { serial, notAfter } = held.leaf;
    const expired = clock.wall() > notAfter;
    if (expired) problems.push(`the ${purpose} certificate expired at ${timestamp(notAfter)}`);
    certificates.push({ purpose, serial, notAfter: timestamp(notAfter), expired });
  }
  return {
    schema: 'sealwatch/agent-status/v1',
    agentVersion: VERSION,
    enrollment,
    releaseVersion: (await orProblem(undefined, () => readHighestRelease(paths.release)))?.version ?? 0,
    head,
    outbox,
    rejected: (await readRejections(paths.rejected))
      .sort((a, b) => wallTime(b.at) - wallTime(a.at))
      .slice(0, SHOWN_REJECTIONS),
    certificates,
    running: await running(paths),
    problems,
  };
}

/** A file alone may be left over from an agent that was killed. */
async function running(paths: StatePaths): Promise<RunningStatus | null> {
  const status = await readStatusFile(paths.status);
  return status !== undefined && (await lockHolder(paths)) === status.pid ? status : null;
}

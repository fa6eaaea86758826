import { formatDuration } from '@sealwatch/shared/runtime/duration.js';
import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { Rejection } from '../outbox/rejected-files.js';
import type { OutboxUsage } from '../outbox/outbox.js';
import type { RunningStatus } from './status-file.js';
import type { StatusProblem } from './status-problem.js';

/** The agent writes every three seconds. */
const SILENT_AFTER_MS = 15_000;
/** A collector may be restarted, and a connection tried again, without anybody being woken. */
const DISCONNECTED_AFTER_MS = 15 * 60_000;
const REJECTED_WITHIN_MS = 86_400_000;
/** A scan a day late is one that was skipped; one that takes its time is not. */
const LATE_AFTER_INTERVALS = 2;

export interface HealthInput {
  /** The process that holds the state directory, undefined if none does. */
  readonly holder: number | undefined;
  /** What it says of itself, undefined if that can't be read. */
  readonly running: RunningStatus | undefined;
  readonly outbox: OutboxUsage & { readonly oldestAt: number | null };
  readonly rejected: readonly Rejection[];
  /** How old the last good scan may be, milliseconds; undefined: two intervals. */
  readonly maxAgeMs: number | undefined;
  /** Wall clock, milliseconds. */
  readonly now: number;
}

/**
 * Why the agent is not doing its work; empty if it is. What it found on the host is no problem of the agent. Whatever
 * can't be told is a problem.
 */
export function healthProblems(input: HealthInput): StatusProblem[] {
  return [...ofProcess(input), ...ofDelivery(input)];
}

function ofProcess({ holder, running, maxAgeMs, now }: HealthInput): StatusProblem[] {
  if (holder === undefined) {
    return [problem('agent.not-running', 'no agent runs here; start it (systemctl start sealwatch-agent)')];
  }
  if (running === undefined) {
    return [problem('agent.silent', `process ${String(holder)} runs, but says nothing of itself`)];
  }
  // a clock that was set back is no reason to believe a time to come
  if (Math.abs(now - wallTime(running.at)) > SILENT_AFTER_MS) {
    return [problem('agent.silent', `process ${String(holder)} hangs: its last word is of ${running.at}`)];
  }
  return [...ofLastCycle(running, maxAgeMs, now), ...ofWatching(running)];
}

function ofLastCycle(running: RunningStatus, maxAgeMs: number | undefined, now: number): StatusProblem[] {
  const { lastCycle, scanIntervalMs } = running;
  if (lastCycle === null) return [problem('scan.none', `no scan has ended since the start at ${running.startedAt}`)];
  const { at, outcome, error } = lastCycle;
  switch (outcome) {
    case 'failed':
      return [problem('scan.failed', `the scan at ${at} failed: ${error}`)];
    case 'deferred':
    case 'unsealed':
      return [problem('outbox.full', `no room to sign what the scan at ${at} saw`)];
    case 'reported':
    case 'sealed':
    case 'unchanged':
      break;
  }
  const limitMs = maxAgeMs ?? (scanIntervalMs === undefined ? Infinity : LATE_AFTER_INTERVALS * scanIntervalMs);
  if (now - wallTime(at) <= limitMs) return [];
  return [problem('scan.late', `the last good scan was at ${at}, more than ${formatDuration(limitMs)} ago`)];
}

function ofWatching({ watching }: RunningStatus): StatusProblem[] {
  const problems: StatusProblem[] = [];
  if (watching?.containerd === 'lost') {
    problems.push(problem('watch.containerd-lost', 'containerd is not followed: containers are seen by scans alone'));
  }
  if (watching?.mounts === 'unreadable') {
    problems.push(problem('watch.mounts-unreadable', 'mounts are not followed: new ones are seen by scans alone'));
  }
  const blind = watching?.processes.blind ?? null;
  if (blind !== null) {
    problems.push(problem('watch.processes-blind', `new processes are seen by scans alone: ${blind}`));
  }
  return problems;
}

function ofDelivery({ running, outbox, rejected, now }: HealthInput): StatusProblem[] {
  const problems: StatusProblem[] = [];
  const { oldestAt, reports, bytes, maxEntries, maxBytes } = outbox;
  if (running?.connected === false && oldestAt !== null && now - oldestAt > DISCONNECTED_AFTER_MS) {
    const since = timestamp(oldestAt);
    problems.push(problem('collector.disconnected', `not connected to the collector; what waits does since ${since}`));
  }
  if (reports >= maxEntries || bytes >= maxBytes) {
    const size = `${String(reports)} reports, ${String(bytes)} bytes`;
    problems.push(problem('outbox.full', `${size} wait: changes are summed up until the collector takes some`));
  }
  const [newest] = rejected.filter(({ at }) => Math.abs(now - wallTime(at)) < REJECTED_WITHIN_MS);
  if (newest !== undefined) {
    const { kind, sequence, code, message, at } = newest;
    problems.push(
      problem('statement.rejected', `the collector refused ${kind} ${String(sequence)} at ${at}: ${code}, ${message}`),
    );
  }
  return problems;
}

function problem(code: StatusProblem['code'], text: string): StatusProblem {
  return { code, text };
}

import { type HealthInput, healthProblems } from '@sealwatch/agent/status/health-problems.js';
import type { RunningStatus } from '@sealwatch/agent/status/status-file.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { describe, expect, it } from 'vitest';

const NOW = Date.parse('2026-11-23T12:00:00.000Z');
const MINUTE = 60_000;
const ago = (milliseconds: number): string => timestamp(NOW - milliseconds);

const cycle = {
  at: ago(10 * MINUTE),
  outcome: 'sealed',
  findings: 3,
  accounting: null,
  error: '',
} as const satisfies RunningStatus['lastCycle'];

const WATCHING = {
  paths: 4,
  watches: 9,
  unwatched: [],
  events: 20_000,
  overflows: 3,
  processes: { running: 5, blind: null },
  mounts: 'polled',
  containerd: 'followed',
} as const satisfies RunningStatus['watching'];

const withoutInterval: RunningStatus = {
  at: ago(3000),
  pid: 7,
  startedAt: ago(60 * MINUTE),
  connected: true,
  nextScanAt: ago(-5 * MINUTE),
  lastCycle: cycle,
  watching: WATCHING,
};

const running: RunningStatus = { ...withoutInterval, scanIntervalMs: 15 * MINUTE };

const well: HealthInput = {
  holder: 7,
  running,
  outbox: { reports: 0, seals: 0, bytes: 0, maxEntries: 1000, maxBytes: 2 ** 26, oldestAt: null },
  rejected: [],
  maxAgeMs: undefined,
  now: NOW,
};

const rejection = (at: string): HealthInput['rejected'] => [
  {
    kind: 'report',
    epoch: 1,
    sequence: 9,
    digest: sha256(Buffer.of(1)),
    code: 'envelope.malformed',
    message: 'no',
    at,
  },
];

const codes = (changes: Partial<HealthInput>): string[] =>
  healthProblems({ ...well, ...changes }).map(({ code }) => code);
const codesRunning = (changes: Partial<RunningStatus>): string[] => codes({ running: { ...running, ...changes } });

describe('an agent is well', () => {
  it('when it runs, scans and delivers, whatever it found on the host', () => {
    expect(healthProblems(well)).toEqual([]);
  });

  it('while a collector is away for a quarter of an hour', () => {
    const outbox = { ...well.outbox, seals: 1, oldestAt: NOW - 14 * MINUTE };
    expect(codes({ outbox, running: { ...running, connected: false } })).toEqual([]);
  });

  it('while connected, however long something waits for its acknowledgement', () => {
    expect(codes({ outbox: { ...well.outbox, seals: 1, oldestAt: NOW - 60 * MINUTE } })).toEqual([]);
  });

  it('a day after a rejection', () => {
    expect(codes({ rejected: rejection(ago(25 * 60 * MINUTE)) })).toEqual([]);
  });

  it('when nothing is known of an interval and the last scan is old', () => {
    expect(codes({ running: { ...withoutInterval, lastCycle: { ...cycle, at: ago(600 * MINUTE) } } })).toEqual([]);
  });
});

describe('an agent is not well', () => {
  it('when nothing runs, and when what runs says nothing of itself', () => {
    expect(codes({ holder: undefined, running: undefined })).toEqual(['agent.not-running']);
    expect(codes({ running: undefined })).toEqual(['agent.silent']);
  });

  it.each([15_001, -15_001])('when its last word is %i ms away: it hangs, or the clock was set', (milliseconds) => {
    expect(codesRunning({ at: ago(milliseconds) })).toEqual(['agent.silent']);
  });

  it('before its first scan has ended', () => {
    expect(codesRunning({ lastCycle: null })).toEqual(['scan.none']);
  });

  it.each([
    ['failed', 'scan.failed'],
    ['deferred', 'outbox.full'],
    ['unsealed', 'outbox.full'],
  ] as const)('when the last scan was %s', (outcome, code) => {
    expect(codesRunning({ lastCycle: { ...cycle, outcome } })).toEqual([code]);
  });

  it('when the last good scan is older than two intervals, or than what was asked for', () => {
    expect(codesRunning({ lastCycle: { ...cycle, at: ago(30 * MINUTE) } })).toEqual([]);
    expect(codesRunning({ lastCycle: { ...cycle, at: ago(30 * MINUTE + 1) } })).toEqual(['scan.late']);
    expect(codes({ maxAgeMs: 9 * MINUTE })).toEqual(['scan.late']);
    expect(codes({ maxAgeMs: 10 * MINUTE })).toEqual([]);
  });

  it('when it is not connected and something waits for longer than a quarter of an hour', () => {
    const outbox = { ...well.outbox, seals: 1, oldestAt: NOW - 16 * MINUTE };
    expect(codes({ outbox, running: { ...running, connected: false } })).toEqual(['collector.disconnected']);
  });

  it.each([{ reports: 1000 }, { bytes: 2 ** 26 }])('when the outbox has no room left: %j', (usage) => {
    expect(codes({ outbox: { ...well.outbox, ...usage } })).toEqual(['outbox.full']);
  });

  it('when the collector refused something within a day', () => {
    const [problem] = healthProblems({ ...well, rejected: rejection(ago(MINUTE)) });
    expect(problem?.code).toBe('statement.rejected');
    expect(problem?.text).toContain('report 9');
  });

  it('when it does not follow containerd or mounts', () => {
    const watching = { ...WATCHING, mounts: 'unreadable', containerd: 'lost' } as const;
    expect(codesRunning({ watching })).toEqual(['watch.containerd-lost', 'watch.mounts-unreadable']);
    expect(codesRunning({ watching: { ...watching, mounts: 'polled', containerd: 'not wanted' } })).toEqual([]);
  });

  it('when it can not see new processes, and says why', () => {
    const watching = { ...WATCHING, processes: { running: 5, blind: 'the list of processes: too many open files' } };
    const problems = healthProblems({ ...well, running: { ...running, watching } });
    expect(problems).toEqual([
      {
        code: 'watch.processes-blind',
        text: 'new processes are seen by scans alone: the list of processes: too many open files',
      },
    ]);
  });

  it('for every reason at once', () => {
    expect(
      codes({
        running: { ...running, connected: false, lastCycle: { ...cycle, outcome: 'failed', error: 'why' } },
        outbox: { ...well.outbox, reports: 1000, oldestAt: NOW - 16 * MINUTE },
        rejected: rejection(ago(0)),
      }),
    ).toEqual(['scan.failed', 'collector.disconnected', 'outbox.full', 'statement.rejected']);
  });
});

import { CycleProgress } from '@sealwatch/agent/service-manager/cycle-progress.js';
import { serviceManager } from '@sealwatch/shared/service-manager/service-manager.js';
import { ServiceNotifier } from '@sealwatch/shared/service-manager/service-notifier.js';
import { type ServiceState, statusLine } from '@sealwatch/agent/service-manager/status-line.js';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestClock } from '../../fakes/test-clock.js';

const WATCHDOG_MS = 600_000;
const IDLE: ServiceState = { host: 'node-1', connected: true, waiting: 0, lastCycle: null };

let clock: TestClock;
let progress: CycleProgress;
let sent: { at: number; assignments: readonly string[] }[];
let state: ServiceState;
let notifier: ServiceNotifier;
beforeEach(() => {
  vi.useFakeTimers();
  clock = new TestClock();
  progress = new CycleProgress({ clock });
  sent = [];
  state = IDLE;
  notifier = notifierWith(() => Promise.resolve());
});
afterEach(() => {
  vi.useRealTimers();
});

function notifierWith(answer: () => Promise<void>, watchdogMs: number | null = WATCHDOG_MS): ServiceNotifier {
  const notify = (assignments: readonly string[]): Promise<void> => {
    sent.push({ at: clock.monotonic(), assignments });
    return answer();
  };
  const log = pino({ level: 'silent' });
  return new ServiceNotifier({
    manager: { watchdogMs, notify },
    stillForMs: () => progress.stillForMs(),
    status: () => statusLine(state),
    farewell: 'stopping',
    clock,
    log,
  });
}

/** Time passes in steps, by default of a second. */
async function pass(seconds: number, stepMs = 1000): Promise<void> {
  for (let i = 0; i < seconds * 1000; i += stepMs) {
    clock.advance(stepMs);
    await vi.advanceTimersByTimeAsync(stepMs);
  }
}

/** The longest time the service manager heard nothing, up to now. */
function longestSilence(): number {
  const times = [...sent.map(({ at }) => at), clock.monotonic()];
  return Math.max(...times.slice(1).map((at, i) => at - times[i]!));
}

/** A scan that is under way until it is told to end. */
function scan(): () => Promise<void> {
  let end = (): void => undefined;
  const ended = progress.during(() => new Promise<void>((resolve) => (end = resolve)));
  return () => {
    end();
    return ended;
  };
}

describe('the service manager is told', () => {
  it('at once that the service is ready, with a line that says how it is, and that it is alive', async () => {
    notifier.start();
    await pass(0);
    expect(sent.map(({ assignments }) => assignments)).toEqual([
      ['READY=1', 'STATUS=node-1: connected to the collector; no scan yet', 'WATCHDOG=1'],
    ]);
  });

  it('nothing while nothing changes, but three times within the watchdog’s time that the agent is alive', async () => {
    notifier.start();
    await pass(3600);
    expect(sent.length).toBeGreaterThanOrEqual(18);
    expect(sent.length).toBeLessThanOrEqual(19);
    expect(longestSilence()).toBeLessThanOrEqual(WATCHDOG_MS / 3 + 5000);
  });

  it('within seconds when the line changes', async () => {
    notifier.start();
    await pass(7);
    state = { ...IDLE, connected: false, waiting: 2 };
    await pass(5);
    expect(sent.at(-1)?.assignments).toContain(
      'STATUS=node-1: not connected to the collector, 2 statements wait; no scan yet',
    );
    expect(sent).toHaveLength(2);
  });

  it('that it stops, and nothing after that', async () => {
    notifier.start();
    await pass(1);
    await notifier.stop();
    await pass(1000);
    expect(sent).toHaveLength(2);
    expect(sent[1]?.assignments[0]).toBe('STOPPING=1');
  });

  it('the next thing although the one before could not be said', async () => {
    notifier = notifierWith(() => Promise.reject(new Error('no such socket')));
    notifier.start();
    await pass(1000);
    expect(sent.length).toBeGreaterThan(4);
  });

  it.each([3000, 10_000, 60_000])('in time whatever the watchdog’s time is: %i ms', async (watchdogMs) => {
    notifier = notifierWith(() => Promise.resolve(), watchdogMs);
    notifier.start();
    await pass(200, 100);
    expect(longestSilence()).toBeLessThanOrEqual(watchdogMs / 2);
  });

  it('only of changes where it has no watchdog', async () => {
    notifier = notifierWith(() => Promise.resolve(), null);
    notifier.start();
    const end = scan();
    await pass(3600);
    expect(sent).toHaveLength(1);
    await end();
  });
});

describe('the watchdog', () => {
  it('lets a scan live that is busy for hours', async () => {
    notifier.start();
    const end = scan();
    for (let i = 0; i < 60; i++) {
      await pass(120);
      progress.step();
    }
    await end();
    expect(longestSilence()).toBeLessThan(WATCHDOG_MS);
  });

  it('hears nothing more of a scan that hangs, and would have killed it before it hung for twice its time', async () => {
    notifier.start();
    scan();
    await pass(2 * (WATCHDOG_MS / 1000));
    expect(longestSilence()).toBeGreaterThan(WATCHDOG_MS);
  });

  it('does not kill a scan that was still for a little less than its time', async () => {
    notifier.start();
    // the ping that falls due during the scan must still be sent
    await pass(20);
    const end = scan();
    await pass(WATCHDOG_MS / 1000 - 10);
    progress.step();
    await pass(6);
    await end();
    await pass(600);
    expect(longestSilence()).toBeLessThan(WATCHDOG_MS);
  });

  it('is content again when a scan that hung gets on, or ends with an error', async () => {
    notifier.start();
    const failing = progress.during(async () => {
      await new Promise((resolve) => setTimeout(resolve, 400_000));
      throw new Error('broken');
    });
    failing.catch(() => undefined);
    await pass(395);
    const before = sent.length;
    await pass(20);
    expect(sent.length).toBe(before + 1);
    await expect(failing).rejects.toThrow('broken');
    expect(progress.stillForMs()).toBe(0);
  });
});

describe('who started the agent', () => {
  it.each([
    ['nobody', {}, undefined],
    ['somebody with a path that is none', { NOTIFY_SOCKET: 'vsock:2:1' }, undefined],
    ['systemd without a watchdog', { NOTIFY_SOCKET: '/run/systemd/notify' }, null],
    ['systemd with one', { NOTIFY_SOCKET: '@/run/systemd/notify', WATCHDOG_USEC: '600000000' }, 600_000],
    ['systemd with one for us', watched(process.pid), 600_000],
    ['systemd with one for somebody else', watched(process.pid + 1), null],
    ['systemd with one that makes no sense', { NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '-3' }, null],
  ])('%s', (_, env, watchdogMs) => {
    expect(serviceManager(env)?.watchdogMs).toBe(watchdogMs);
  });

  function watched(pid: number): Record<string, string> {
    return { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '600000000', WATCHDOG_PID: String(pid) };
  }
});

describe('the line in systemctl status', () => {
  it('says what the last scan came to, on one line whatever the error was', () => {
    const at = '2026-11-23T10:00:00.000Z' as never;
    const cycle = { at, accounting: null, findings: null, outcome: 'failed', error: 'two\nlines' } as const;
    const failed = statusLine({ ...IDLE, lastCycle: cycle });
    expect(failed).toMatch(/^node-1: connected to the collector; last scan failed: two.*lines$/);
    const sealed = statusLine({ ...IDLE, lastCycle: { ...cycle, outcome: 'sealed', findings: 3, error: '' } });
    expect(sealed).toBe('node-1: connected to the collector; last scan sealed, findings: 3');
  });
});

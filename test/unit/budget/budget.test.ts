import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { Budget } from '@sealwatch/agent/budget/budget.js';
import { DEFAULT_BUDGET_LIMITS } from '@sealwatch/agent/budget/budget-limits.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { CALM, SimulatedHost } from './simulated-host.js';

let host: SimulatedHost;
beforeEach(async () => {
  host = new SimulatedHost();
  // how much work a scan is has to be known before one is held back
  await host.scan({ slices: 1000 });
});

describe('the budget of a background scan', () => {
  it('holds the share of a processor to a few percent, whatever a slice is', async () => {
    for (const sliceMs of [0.2, 1, 7, 40]) {
      const { cpuMs, elapsedMs, spent } = await host.scan({ slices: 500, sliceMs });
      expect(cpuMs / elapsedMs).toBeGreaterThan(0.09);
      expect(cpuMs / elapsedMs).toBeLessThan(0.11);
      expect(spent).toMatchObject({ cpuMs: Math.round(cpuMs), outsideBudget: null });
      expect(Math.abs(spent.pausedMs - (elapsedMs - cpuMs))).toBeLessThanOrEqual(1);
    }
  });

  it.each([1, 5, 15, 50, 100])('is the share the operator sets: %i %%', async (percent) => {
    host = new SimulatedHost({ cpuShare: percent / 100 });
    await host.scan({ slices: 1 });
    const { cpuMs, elapsedMs } = await host.scan({ slices: 1000 });
    expect(cpuMs / elapsedMs).toBeCloseTo(percent / 100, 2);
  });

  it('holds the rate of reading, even if that costs no processor time', async () => {
    host = new SimulatedHost({ bytesPerSecond: 50 * 2 ** 20 });
    await host.scan({ slices: 1 });
    const { bytes, elapsedMs } = await host.scan({ slices: 2000, sliceMs: 0.1, sliceBytes: 512 * 1024 });
    expect(bytes / (elapsedMs / 1000) / 2 ** 20).toBeCloseTo(50, 0);
  });

  it('takes few long rests rather than many short ones', async () => {
    host.sleeps.length = 0;
    await host.scan({ slices: 1000, sliceMs: 0.1 });
    expect(Math.min(...host.sleeps)).toBeGreaterThanOrEqual(10);
    expect(host.sleeps.length).toBeLessThan(120);
  });

  it('makes good what a late timer slept too long', async () => {
    host.oversleepMs = 5;
    const { cpuMs, elapsedMs } = await host.scan({ slices: 1000 });
    expect(cpuMs / elapsedMs).toBeCloseTo(0.1, 2);
  });

  it('does not run at full speed after a long wait for something else', async () => {
    host.sleeps.length = 0;
    let sleepsAtWait = 0;
    const { spent } = await host.scan({
      slices: 200,
      before: (slice) => {
        if (slice !== 100) return;
        sleepsAtWait = host.sleeps.length;
        host.clock.advance(15_000);
      },
    });
    // 100 ms at most are credit: ten slices of 1 ms each at a tenth
    expect(host.sleeps.length - sleepsAtWait).toBeGreaterThan(40);
    expect(spent.pausedMs).toBeGreaterThan(1600);
  });

  it('does not rest for the time a dead service kept it waiting', async () => {
    const { elapsedMs } = await host.scan({
      slices: 2,
      before: () => {
        host.clock.advance(15_000);
      },
    });
    expect(elapsedMs).toBeLessThan(30_100);
  });

  it('is a quarter under pressure, and whole again when that is over', async () => {
    const pressed = { ...CALM, io: 95 };
    const { cpuMs, elapsedMs, spent } = await host.scan({ slices: 1000, before: () => (host.pressure = pressed) });
    expect(cpuMs / elapsedMs).toBeCloseTo(0.025, 3);
    expect(spent.pressure).toEqual(pressed);
    host.pressure = CALM;
    const calm = await host.scan({ slices: 1000 });
    expect(calm.cpuMs / calm.elapsedMs).toBeCloseTo(0.1, 2);
    expect(calm.spent.pressure).toEqual(CALM);
  });

  it('tells the most pressure that was seen of each resource', async () => {
    const { spent } = await host.scan({
      slices: 100,
      before: (slice) => {
        host.pressure =
          slice === 20 ? { ...CALM, cpu: 30, memory: 3 } : slice === 40 ? { ...CALM, cpu: 10, io: 50 } : CALM;
      },
    });
    expect(spent.pressure).toEqual({ source: 'psi', cpu: 30, io: 50, memory: 3 });
  });
});

describe('what is more than the budget', () => {
  it('a scan is over after a quarter of its interval, slowed evenly, and says that the deadline overrode the budget', async () => {
    host.sleeps.length = 0;
    // 1000 ms of work in 5000 ms: four times the work to rest, not nine
    const { elapsedMs, spent } = await host.scan({ slices: 1000, intervalMs: 20_000 });
    expect(elapsedMs).toBeGreaterThan(4900);
    expect(elapsedMs).toBeLessThanOrEqual(5001);
    expect(spent.outsideBudget).toBe('deadline');
    const [first = 0, ...others] = host.sleeps;
    expect(Math.max(first, ...others)).toBeLessThan(2 * first);
  });

  it('pressure never makes a scan late', async () => {
    host.pressure = { ...CALM, cpu: 100, io: 100, memory: 100 };
    const { elapsedMs, spent } = await host.scan({ slices: 1000, intervalMs: 60_000 });
    expect(elapsedMs).toBeLessThanOrEqual(15_001);
    expect(spent.outsideBudget).toBe('deadline');
  });

  it('a scan that turns out to be more work than the one before goes on at full speed once its time is up', async () => {
    const { elapsedMs, spent } = await host.scan({ slices: 3000, intervalMs: 20_000 });
    expect(elapsedMs).toBeLessThanOrEqual(5000 + 3000);
    expect(spent.outsideBudget).toBe('deadline');
  });

  it('a scan without time for any rest takes none', async () => {
    const { elapsedMs, spent } = await host.scan({ slices: 1000, intervalMs: 2000 });
    expect(elapsedMs).toBe(1000);
    expect(spent).toMatchObject({ pausedMs: 0, outsideBudget: 'deadline' });
  });

  it('whoever waits is answered at full speed, and neither the host nor the next scan is told otherwise', async () => {
    const { elapsedMs, spent } = await host.scan({ slices: 1000, urgent: true });
    expect(elapsedMs).toBe(1000);
    expect(spent).toMatchObject({ pausedMs: 0, outsideBudget: 'urgent', pressure: null });
    expect((await host.scan({ slices: 1000 })).spent.outsideBudget).toBeNull();
  });

  it('the first scan is: its evidence is waited for', async () => {
    host = new SimulatedHost();
    const { elapsedMs, spent } = await host.scan({ slices: 1000 });
    expect(elapsedMs).toBe(1000);
    expect(spent).toMatchObject({ outsideBudget: 'first', pausedMs: 0 });
  });

  it('a scan that never ended does not count as the first', () => {
    host = new SimulatedHost();
    host.budget.begin({ urgent: false, intervalMs: 900_000 });
    expect(host.budget.begin({ urgent: false, intervalMs: 900_000 }).spent().outsideBudget).toBe('first');
  });

  it('a look at one component that is not done leaves the estimate of a whole scan alone', async () => {
    const look = host.budget.begin({ urgent: true, intervalMs: 20_000 });
    host.work(1);
    await look.pause();
    const { elapsedMs } = await host.scan({ slices: 1000, intervalMs: 20_000 });
    expect(elapsedMs).toBeLessThanOrEqual(5001);
  });
});

describe('a pause', () => {
  it('lets the event loop turn, also where the budget does not hold', async () => {
    const scan = host.budget.begin({ urgent: true, intervalMs: 900_000 });
    let turned = false;
    setImmediate(() => (turned = true));
    await scan.pause();
    expect(turned).toBe(true);
  });

  it('ends at once when the scan is stopped', async () => {
    const budget = new Budget({ limits: DEFAULT_BUDGET_LIMITS, clock: systemClock, cpuMs: risingBy(10_000) });
    budget.begin({ urgent: false, intervalMs: 86_400_000 }).done();
    const stop = new AbortController();
    const scan = budget.begin({ urgent: false, intervalMs: 86_400_000, signal: stop.signal });
    const resting = scan.pause();
    setTimeout(() => {
      stop.abort();
    }, 20);
    const from = performance.now();
    await resting;
    expect(performance.now() - from).toBeLessThan(2000);
  });

  it('tells the longest time between two turns, not what was waited for', async () => {
    const budget = new Budget({ limits: DEFAULT_BUDGET_LIMITS, clock: systemClock });
    const scan = budget.begin({ urgent: true, intervalMs: 900_000 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    await scan.pause();
    expect(scan.spent().worstTurnMs).toBeLessThan(100);
    await scan.pause();
    const until = performance.now() + 60;
    while (performance.now() < until);
    await scan.pause();
    expect(scan.spent().worstTurnMs).toBeGreaterThanOrEqual(60);
  });
});

describe('what the budget says of itself', () => {
  it('is its limits and the share of a core since the start', () => {
    host = new SimulatedHost();
    host.work(100);
    host.clock.advance(900);
    expect(host.budget.status()).toEqual({ cpuShare: 0.1, bytesPerSecond: 1e12, cpuShareSoFar: 0.1 });
  });
});

function risingBy(step: number): () => number {
  let cpuMs = 0;
  return () => (cpuMs += step);
}

import { ScanScheduler, type ScanRequest } from '@sealwatch/agent/cycle/scan-scheduler.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quiet } from '../fakes/agent-chain.js';
import { waitUntil } from '../fakes/wait-until.js';

interface Scan extends ScanRequest {
  readonly beganAt: number;
  finish(): void;
  fail(error: Error): void;
}

const nonce = (digit: string): string => digit.repeat(32);

let scans: Scan[];
let underWay: number;
let mostUnderWay: number;
let intervalMs: number | undefined;
let scheduler: ScanScheduler;
beforeEach(() => {
  scans = [];
  underWay = 0;
  mostUnderWay = 0;
  intervalMs = 3_600_000;
  scheduler = new ScanScheduler({
    host: 'host-a',
    scan: (request) => {
      mostUnderWay = Math.max(mostUnderWay, ++underWay);
      return new Promise<void>((resolve, reject) => {
        const over = (): number => underWay--;
        scans.push({
          ...request,
          beganAt: performance.now(),
          finish: () => {
            over();
            resolve();
          },
          fail: (error) => {
            over();
            reject(error);
          },
        });
        request.signal.addEventListener('abort', () => {
          reject(new CodedError('request.cancelled', 'stopped'));
        });
      });
    },
    intervalMs: () => intervalMs,
    clock: systemClock,
    log: quiet,
  });
});
afterEach(async () => {
  await scheduler.stop();
});

const began = (count: number): Promise<Scan> => waitUntil(`scan ${String(count)} began`, () => scans[count - 1]);
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('scans', () => {
  it('begin at start, at full speed, and then at every interval in the background', async () => {
    intervalMs = 300;
    scheduler.start();
    const first = await began(1);
    expect(first).toMatchObject({ nonce: null, urgent: true });
    first.finish();
    const second = await began(2);
    expect(second.urgent).toBe(false);
    expect(scheduler.nextScanInMs()).toBe(0);
    second.finish();
    const third = await began(3);
    expect(third.beganAt - second.beganAt).toBeGreaterThan(100);
    third.finish();
    await pause(1);
    expect(scheduler.nextScanInMs()).toBeGreaterThan(0);
  });

  it('run one at a time, whatever is asked for meanwhile', async () => {
    scheduler.start();
    await began(1);
    scheduler.challenge({ nonce: nonce('a'), deadlineMs: 5000 });
    scheduler.rescan();
    scheduler.rescan();
    await pause(20);
    expect(scans).toHaveLength(1);
    for (let i = 1; i <= 2; i++) (await began(i)).finish();
    await pause(30);
    expect(mostUnderWay).toBe(1);
  });

  it('do not begin while there is nothing to compare with, and do as soon as there is', async () => {
    intervalMs = undefined;
    scheduler.start();
    await pause(30);
    expect(scans).toEqual([]);
    intervalMs = 3_600_000;
    scheduler.rescan();
    await began(1);
  });

  it('begin anew after one that was under way when the release changed', async () => {
    scheduler.start();
    const first = await began(1);
    scheduler.rescan();
    first.finish();
    expect(await began(2)).toMatchObject({ urgent: true, nonce: null });
  });

  it('are retried soon after an error, not only at the next interval', async () => {
    scheduler.start();
    (await began(1)).fail(new Error('disk on fire'));
    await pause(5);
    expect(scheduler.nextScanInMs()).toBeGreaterThan(500);
    expect(scheduler.nextScanInMs()).toBeLessThanOrEqual(1000);
    const second = await began(2);
    second.finish();
  });

  it('end with the program', async () => {
    scheduler.start();
    const first = await began(1);
    await scheduler.stop();
    expect(first.signal.aborted).toBe(true);
    scheduler.rescan();
    await pause(20);
    expect(scans).toHaveLength(1);
  });
});

describe('a challenge', () => {
  it('is answered at once by a scan of its own', async () => {
    scheduler.start();
    (await began(1)).finish();
    await pause(5);
    scheduler.challenge({ nonce: nonce('a'), deadlineMs: 5000 });
    expect(await began(2)).toMatchObject({ nonce: nonce('a'), urgent: true });
  });

  it('that arrives during a scan waits for one that begins after it arrived', async () => {
    scheduler.start();
    const first = await began(1);
    const arrivedAt = performance.now();
    scheduler.challenge({ nonce: nonce('a'), deadlineMs: 5000 });
    await pause(20);
    first.finish();
    const second = await began(2);
    expect(first.nonce).toBeNull();
    expect(second.nonce).toBe(nonce('a'));
    expect(second.beganAt).toBeGreaterThan(arrivedAt);
  });

  it('is answered once however often it is sent, each different one in turn', async () => {
    scheduler.start();
    const first = await began(1);
    for (const digit of ['a', 'b', 'a']) scheduler.challenge({ nonce: nonce(digit), deadlineMs: 5000 });
    first.finish();
    (await began(2)).finish();
    (await began(3)).finish();
    await pause(20);
    expect(scans.map((scan) => scan.nonce)).toEqual([null, nonce('a'), nonce('b')]);
  });

  it('is not answered after its deadline', async () => {
    scheduler.start();
    const first = await began(1);
    scheduler.challenge({ nonce: nonce('a'), deadlineMs: 10 });
    await pause(30);
    first.finish();
    await pause(30);
    expect(scans).toHaveLength(1);
  });

  it('is answered by the next try when its scan failed', async () => {
    scheduler.start();
    (await began(1)).finish();
    await pause(5);
    scheduler.challenge({ nonce: nonce('a'), deadlineMs: 60_000 });
    (await began(2)).fail(new Error('no'));
    expect(await began(3)).toMatchObject({ nonce: nonce('a') });
  });

  it('does not postpone the next background scan', async () => {
    scheduler.start();
    (await began(1)).finish();
    await pause(5);
    const next = performance.now() + scheduler.nextScanInMs();
    scheduler.challenge({ nonce: nonce('a'), deadlineMs: 5000 });
    (await began(2)).finish();
    await pause(20);
    expect(Math.abs(performance.now() + scheduler.nextScanInMs() - next)).toBeLessThan(5);
  });
});

import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { deviceBusyMs, waitingForDisk, waitingForProcessor } from '@sealwatch/agent/budget/parse-host-load.js';
import { parseStall } from '@sealwatch/agent/budget/parse-stall.js';
import { PressureGauge } from '@sealwatch/agent/budget/pressure-gauge.js';
import { divisorOf } from '@sealwatch/agent/budget/slow-down.js';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestClock } from '../../fakes/test-clock.js';
import { CALM } from './simulated-host.js';

describe('the files pressure is read from', () => {
  it.each([
    ['some avg10=32.24 avg60=20.43 avg300=15.89 total=7931853033\nfull avg10=0.00 avg60=0.00', 32.24],
    ['some avg10=0.00 avg60=0.69 avg300=0.74 total=248673751\n', 0],
    ['some avg10=100.00 avg60=0.69 avg300=0.74 total=1\n', 100],
    ['full avg10=99.00 avg60=0.00 avg300=0.00 total=0\nsome avg10=1.50 avg60=0 avg300=0 total=0\n', 1.5],
  ])('a stall account', (text, percent) => {
    expect(parseStall(text)).toBe(percent);
  });

  it.each([
    '',
    'some',
    'some avg10=',
    'some avg10=101.00 ',
    'some avg10=-1.00 ',
    'some avg10=1e9 ',
    'awesome avg10=1.00 ',
  ])('is no account: %j', (text) => {
    expect(parseStall(text)).toBeUndefined();
  });

  it.each([
    ['0.00 0.00 0.00 1/100 5', 4, 0],
    ['4.00 0.00 0.00 1/100 5', 4, 0],
    ['5.00 0.00 0.00 1/100 5', 4, 20],
    ['16.00 0.00 0.00 1/100 5', 4, 75],
  ])('a load average of %s for %i processors: %i %% wait', (loadavg, processors, percent) => {
    expect(waitingForProcessor(loadavg, processors)).toBeCloseTo(percent, 5);
  });

  it('a load average that is none says nothing', () => {
    for (const text of ['', 'x', '1', 'NaN 1.00', '-1.00 0.00']) expect(waitingForProcessor(text, 2)).toBeUndefined();
  });

  const diskstats = (sda: number, sdb: number): Map<string, number> =>
    deviceBusyMs(
      ` 254       0 vda 100 2 3000 40 5 6 7 8 0 ${String(sda)} 50\n   8      16 sdb 1 2 3 4 5 6 7 8 0 ${String(sdb)} 9 0 0 0 0 0 0\ntorn 1\n`,
    );

  it('disk times: the busiest device counts, and only what is beyond half of the time', () => {
    expect([...diskstats(123, 456)]).toEqual([
      ['vda', 123],
      ['sdb', 456],
    ]);
    expect(waitingForDisk(diskstats(0, 0), diskstats(500, 0), 1000)).toBe(0);
    expect(waitingForDisk(diskstats(0, 0), diskstats(500, 800), 1000)).toBeCloseTo(60);
    expect(waitingForDisk(diskstats(0, 0), diskstats(5000, 0), 1000)).toBe(100);
  });

  it('disk times of a device that came, went or began anew say nothing', () => {
    expect(waitingForDisk(new Map(), diskstats(9000, 9000), 1000)).toBe(0);
    expect(waitingForDisk(diskstats(9000, 9000), new Map(), 1000)).toBe(0);
    expect(waitingForDisk(diskstats(2 ** 32 - 1, 0), diskstats(10, 0), 1000)).toBe(0);
  });

  it('any bytes at all are an answer, never an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        parseStall(text);
        deviceBusyMs(text);
        waitingForProcessor(text, 2);
      }),
    );
  });
});

describe('how pressure slows a scan', () => {
  it.each([
    [{ ...CALM, cpu: 20, io: 20, memory: 5 }, 1],
    [{ ...CALM, cpu: 40 }, 2.5],
    [{ ...CALM, io: 60 }, 4],
    [{ ...CALM, memory: 20 }, 4],
    [{ ...CALM, cpu: 30, memory: 100 }, 4],
    [{ source: 'unknown', cpu: null, io: null, memory: null } as const, 1],
  ])('by the worst of them, to a quarter at most', (pressure, divisor) => {
    expect(divisorOf(pressure)).toBe(divisor);
  });
});

describe('the gauge', () => {
  let proc: string;
  let clock: TestClock;
  beforeEach(() => {
    proc = mkdtempSync(join(tmpdir(), 'sealwatch-pressure-'));
    clock = new TestClock();
  });
  afterEach(() => {
    rmSync(proc, { recursive: true });
  });

  function stalls(of: Record<string, number>): void {
    mkdirSync(join(proc, 'pressure'), { recursive: true });
    for (const [name, percent] of Object.entries(of)) {
      writeFileSync(join(proc, 'pressure', name), `some avg10=${percent.toFixed(2)} avg60=0.00 avg300=0.00 total=0\n`);
    }
  }

  function disk(busyMs: number): void {
    writeFileSync(join(proc, 'diskstats'), `   8 0 sda 1 2 3 4 5 6 7 8 0 ${String(busyMs)} 9\n`);
  }

  it('reads what the kernel says of stalls, at most once a second', () => {
    stalls({ cpu: 12.4, io: 3, memory: 0 });
    const gauge = new PressureGauge({ clock, procRoot: proc });
    expect(gauge.now()).toEqual({ source: 'psi', cpu: 12, io: 3, memory: 0 });
    stalls({ cpu: 80 });
    clock.advance(999);
    expect(gauge.now().cpu).toBe(12);
    clock.advance(1);
    expect(gauge.now().cpu).toBe(80);
  });

  it('takes load average and disk times where the kernel keeps no account of stalls', () => {
    writeFileSync(join(proc, 'loadavg'), `${(cpus().length * 2).toFixed(2)} 0.00 0.00 1/1 1\n`);
    disk(0);
    const gauge = new PressureGauge({ clock, procRoot: proc });
    expect(gauge.now()).toEqual({ source: 'load', cpu: 50, io: null, memory: null });
    disk(1500);
    clock.advance(2000);
    expect(gauge.now()).toEqual({ source: 'load', cpu: 50, io: 50, memory: null });
  });

  it('does not take the mean of a long sleep for what is now', () => {
    disk(0);
    const gauge = new PressureGauge({ clock, procRoot: proc });
    gauge.now();
    disk(900_000);
    clock.advance(900_000);
    expect(gauge.now()).toEqual({ source: 'unknown', cpu: null, io: null, memory: null });
  });

  it('takes what it can: a part of the account, or none at all', () => {
    stalls({ cpu: 5, io: 6, memory: 7 });
    unlinkSync(join(proc, 'pressure', 'memory'));
    const gauge = new PressureGauge({ clock, procRoot: proc });
    expect(gauge.now()).toEqual({ source: 'psi', cpu: 5, io: 6, memory: null });
    rmSync(join(proc, 'pressure'), { recursive: true });
    clock.advance(1000);
    expect(gauge.now().source).toBe('unknown');
  });

  it('can tell something of this machine', () => {
    expect(new PressureGauge({ clock }).now().source).not.toBe('unknown');
  });
});

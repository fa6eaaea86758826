import { nextScanDelay } from '@sealwatch/agent/cycle/next-scan-delay.js';
import { backoffMs } from '@sealwatch/shared/runtime/backoff.js';
import { RECONNECT_BACKOFF } from '@sealwatch/agent/delivery/delivery.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('the moment of the next scan', () => {
  const interval = 900_000;

  it('is in the future and at most an interval away', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 100, max: 6e8 }),
        (host, wall, ms) => {
          const delay = nextScanDelay(host, wall, ms);
          expect(delay).toBeGreaterThan(0);
          expect(delay).toBeLessThanOrEqual(ms);
        },
      ),
    );
  });

  it('is always the same moment of the interval for one host, whenever its agent was started', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e12, max: 2e12 }), fc.integer({ min: 1e12, max: 2e12 }), (a, b) => {
        const moment = (wall: number): number => (wall + nextScanDelay('host-a', wall, interval)) % interval;
        expect(moment(a)).toBe(moment(b));
      }),
    );
  });

  it('is spread over the interval between hosts', () => {
    const delays = Array.from({ length: 1000 }, (_, i) => nextScanDelay(`host-${String(i)}`, 0, interval));
    for (let quarter = 0; quarter < 4; quarter++) {
      const within = delays.filter((delay) => Math.floor((delay / (interval + 1)) * 4) === quarter).length;
      expect(within).toBeGreaterThan(200);
    }
  });
});

describe('the wait before reconnecting', () => {
  const longest = (attempt: number): number => backoffMs(RECONNECT_BACKOFF, attempt, () => 1);

  it('doubles from half a second to half a minute, and stays there', () => {
    expect([0, 1, 2, 3].map(longest)).toEqual([500, 1000, 2000, 4000]);
    expect([7, 20, 5000].map(longest)).toEqual([30_000, 30_000, 30_000]);
  });

  it('is anything from nothing to that, so that agents do not come in step', () => {
    expect(backoffMs(RECONNECT_BACKOFF, 3, () => 0)).toBe(0);
    expect(backoffMs(RECONNECT_BACKOFF, 3, () => 0.5)).toBe(2000);
  });
});

import { longestRest, spread } from '@sealwatch/agent/budget/rest-after-work.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('the time over which work is spread', () => {
  const limits = { cpuShare: 0.1, bytesPerSecond: 1000 };

  it('is what the dearer of processor time and reading asks for', () => {
    expect(spread({ cpuMs: 5, bytes: 0 }, limits)).toBe(50);
    expect(spread({ cpuMs: 5, bytes: 2000 }, limits)).toBe(2000);
    expect(spread({ cpuMs: 0, bytes: 0 }, limits)).toBe(0);
  });
});

describe('the longest rest', () => {
  it('is the work in the proportion of what time is left for resting', () => {
    expect(longestRest({ leftMs: 5000, workedMs: 10, remainingMs: 990 })).toBeCloseTo(40.1, 5);
    expect(longestRest({ leftMs: 900, workedMs: 10, remainingMs: 990 })).toBe(0);
    expect(longestRest({ leftMs: -1, workedMs: 10, remainingMs: 0 })).toBe(0);
    expect(longestRest({ leftMs: 700, workedMs: 10, remainingMs: 0 })).toBe(700);
  });

  it('always leaves time for the work that is still to come', () => {
    const milliseconds = fc.integer({ min: 0, max: 1e9 });
    fc.assert(
      fc.property(milliseconds, milliseconds, milliseconds, (leftMs, workedMs, remainingMs) => {
        const rest = longestRest({ leftMs, workedMs, remainingMs });
        expect(rest).toBeGreaterThanOrEqual(0);
        if (rest > 0) expect(rest + remainingMs).toBeLessThanOrEqual(leftMs * 1.000001);
      }),
    );
  });
});

import { Coalescer } from '@sealwatch/agent/watch/coalesce.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

let said: { readonly keys: readonly string[]; readonly at: number }[];
let coalescer: Coalescer<string>;
beforeEach(() => {
  said = [];
  coalescer = new Coalescer<string>({
    onDue: (keys) => said.push({ keys, at: performance.now() }),
    clock: systemClock,
  });
});
afterEach(() => {
  coalescer.stop();
});

/** Hears of a key every few milliseconds; when it heard last. */
async function flap(key: string, forMs: number, everyMs = 4): Promise<number> {
  let last = performance.now();
  for (const began = last; last - began < forMs; last = performance.now()) {
    coalescer.hear(key);
    await pause(everyMs);
  }
  coalescer.hear(key);
  return performance.now();
}

describe('what happened', () => {
  it('is said at once, and once for what comes together', async () => {
    const began = performance.now();
    for (let i = 0; i < 100; i++) coalescer.hear('a');
    await pause(60);
    expect(said.map(({ keys }) => keys)).toEqual([['a']]);
    expect((said[0]?.at ?? Infinity) - began).toBeLessThan(20);
  });

  it('to several things at a time is said together', async () => {
    for (const key of ['a', 'b', 'c', 'a']) coalescer.hear(key);
    await pause(40);
    expect(said.map(({ keys }) => keys)).toEqual([['a', 'b', 'c']]);
  });

  it('again within 20 ms is said once more, after them', async () => {
    coalescer.hear('a');
    await pause(8);
    coalescer.hear('a');
    coalescer.hear('a');
    await pause(60);
    expect(said).toHaveLength(2);
    expect((said[1]?.at ?? 0) - (said[0]?.at ?? 0)).toBeGreaterThanOrEqual(18);
  });

  it('again and again is said ever more seldom, and always after the last time', async () => {
    const last = await flap('a', 3000);
    await pause(1200);
    const gaps = said.slice(1).map(({ at }, i) => at - (said[i]?.at ?? 0));
    // 20, 40, 80, 160, 320, 640, 1000, 1000
    expect(said.length).toBeGreaterThanOrEqual(7);
    expect(said.length).toBeLessThanOrEqual(10);
    expect(gaps.every((gap, i) => i < 2 || gap > (gaps[i - 2] ?? 0))).toBe(true);
    expect(Math.max(...gaps)).toBeLessThan(1200);
    expect(said[said.length - 1]?.at).toBeGreaterThanOrEqual(last);
  });

  it('to one thing all the time does not delay another', async () => {
    const flapping = flap('a', 800);
    await pause(600);
    const began = performance.now();
    coalescer.hear('b');
    await pause(30);
    const b = said.find(({ keys }) => keys.includes('b'));
    expect((b?.at ?? Infinity) - began).toBeLessThan(20);
    await flapping;
  });

  it('after a quiet time is said at once again', async () => {
    coalescer = new Coalescer<string>({
      onDue: (keys) => said.push({ keys, at: performance.now() }),
      clock: systemClock,
      timing: { lastDelayMs: 100 },
    });
    await flap('a', 500);
    await pause(2300);
    said = [];
    const began = performance.now();
    coalescer.hear('a');
    await pause(30);
    expect((said[0]?.at ?? Infinity) - began).toBeLessThan(20);
  });

  it('is not said of what is forgotten, nor after the end', async () => {
    coalescer.hear('a');
    coalescer.hear('b');
    coalescer.forget('a');
    await pause(20);
    expect(said.map(({ keys }) => keys)).toEqual([['b']]);
    coalescer.hear('c');
    coalescer.stop();
    coalescer.hear('d');
    await pause(20);
    expect(said).toHaveLength(1);
  });
});

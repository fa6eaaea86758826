import { Lanes } from '@sealwatch/shared/probe/lanes.js';
import { describe, expect, it } from 'vitest';

/** Work that ends when it is told to, and says who began. */
function works(names: readonly string[], lanes: Lanes): { began: string[]; end: (name: string) => Promise<void> } {
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const all = names.map((name) =>
    lanes.run(() => {
      began.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    }),
  );
  return {
    began,
    end: async (name) => {
      ends.get(name)?.();
      await all[names.indexOf(name)];
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('lanes', () => {
  it('let so many work at a time, first come first served', async () => {
    const { began, end } = works(['a', 'b', 'c', 'd'], new Lanes(2));
    expect(began).toEqual(['a', 'b']);
    await end('b');
    expect(began).toEqual(['a', 'b', 'c']);
    await end('c');
    await end('a');
    expect(began).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are free again after work that failed', async () => {
    const lanes = new Lanes(1);
    await expect(lanes.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await lanes.run(() => Promise.resolve('next'))).toBe('next');
  });
});

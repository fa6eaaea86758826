import { RateLimit } from '@sealwatch/shared/runtime/rate-limit.js';
import { expect, it } from 'vitest';
import { TestClock } from '../fakes/test-clock.js';

const limited = (): { clock: TestClock; limit: RateLimit } => {
  const clock = new TestClock();
  const limit = new RateLimit({ rate: { burst: 3, perSecond: 2 }, monotonic: () => clock.monotonic() });
  return { clock, limit };
};

it('gives a burst, then so many each second, and never saves up more than the burst', () => {
  const { clock, limit } = limited();
  expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([true, true, true, false]);
  clock.advance(500);
  expect([limit.take('a'), limit.take('a')]).toEqual([true, false]);
  clock.advance(3_600_000);
  expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([true, true, true, false]);
});

it('counts each key by itself', () => {
  const { limit } = limited();
  for (let i = 0; i < 3; i++) limit.take('a');
  expect(limit.take('a')).toBe(false);
  expect(limit.take('b')).toBe(true);
});

it('says how long to wait for a token that is reserved', () => {
  const { clock, limit } = limited();
  expect([1, 2, 3, 4, 5].map(() => limit.reserve('a'))).toEqual([0, 0, 0, 500, 1000]);
  clock.advance(1000);
  expect(limit.reserve('a')).toBe(500);
});

it('forgets keys that are at rest, and only those', () => {
  const { clock, limit } = limited();
  for (let i = 0; i < 3; i++) limit.take('spent');
  for (let i = 0; i < 10_000; i++) limit.take(`key-${String(i)}`);
  expect(limit.take('spent')).toBe(false);
  clock.advance(60_000);
  expect(limit.take('spent')).toBe(true);
});

it('takes as many as something costs, and who took much waits long', () => {
  const { clock, limit } = limited();
  expect([limit.reserve('a', 3), limit.reserve('a', 10), limit.reserve('b', 3)]).toEqual([0, 5_000, 0]);
  clock.advance(5_000);
  expect(limit.reserve('a', 2)).toBe(1_000);
});

import { concludeObservation } from '@sealwatch/agent/cycle/observe-host.js';
import type { WholeLook } from '@sealwatch/agent/cycle/known-host.js';
import { describe, expect, it } from 'vitest';
import { world } from '../fakes/appraisal-world.js';
import { TestClock } from '../fakes/test-clock.js';

const MINUTE = 60_000;

/** What a report would say of when the rest was seen, ten minutes after a look at the whole host. */
function carriedFrom(meanwhile: (clock: TestClock) => void): WholeLook | null {
  const clock = new TestClock('2026-11-23T10:00:00.000Z');
  const now = (): WholeLook => ({ startedAt: clock.wall(), startedMonotonic: clock.monotonic() });
  const whole = now();
  clock.advance(10 * MINUTE);
  meanwhile(clock);
  const releaseDigest = `sha256:${'2'.repeat(64)}` as const;
  const cluster = { id: 'c1'.repeat(16), mode: 'fips', adopted: null } as never;
  return concludeObservation({
    reference: { ...world(), host: 'host-a', cluster, releaseDigest },
    look: { ...now(), bytesRead: 0, connections: 0, scan: { spent: () => ({}) as never } },
    known: { releaseDigest, whole, looks: new Map() },
    isWhole: false,
    nonce: null,
    clock,
  }).carriedFrom;
}

describe('what a look at some of the host carries on', () => {
  it('is as old as the look at all of it', () => {
    expect(carriedFrom(() => undefined)?.startedAt).toBe(Date.parse('2026-11-23T10:00:00.000Z'));
  });

  it('is made no younger by a wall clock that was set back', () => {
    const set = (clock: TestClock): void => {
      clock.setWall('2026-11-23T08:00:00.000Z');
    };
    expect(carriedFrom(set)?.startedAt).toBe(Date.parse('2026-11-23T07:50:00.000Z'));
  });

  it('is made no younger by a host that slept, for which the monotonic clock stood still', () => {
    const slept = (clock: TestClock): void => {
      clock.setWall('2026-11-23T12:00:00.000Z');
    };
    expect(carriedFrom(slept)?.startedAt).toBe(Date.parse('2026-11-23T10:00:00.000Z'));
  });
});

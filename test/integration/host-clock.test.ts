import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IngestWorld, type TestHost, type TestStream } from '../fakes/ingest-world.js';
import { NON_FIPS_HOST, platformMeasurement } from '../fakes/platform-observations.js';

const HOUR = 3_600_000;

describe('a host whose clock is wrong', () => {
  let world: IngestWorld;
  let alpha: TestHost;
  let stream: TestStream;

  beforeEach(async () => {
    world = await IngestWorld.create();
    alpha = await world.enroll('alpha');
    stream = await alpha.connect();
  });

  afterEach(async () => {
    await world.dispose();
  });

  const off = (byMs: number): string => new Date(world.clock.wall() + byMs).toISOString();
  const reasons = (): readonly string[] => world.board.state('alpha').reasons;
  const beat = (byMs: number): Promise<void> =>
    stream.session.receive({ kind: 'heartbeat', head: alpha.head, nextScanInMs: 1, at: off(byMs) });

  it.each([
    ['ahead', HOUR],
    ['behind', -HOUR],
    ['months ahead', 200 * 24 * HOUR],
    ['days behind, before its own certificate began', -10 * 24 * HOUR],
  ])('(%s) is recorded, named, and not known to be well until the clock is mended', async (_, byMs) => {
    expect(await stream.send(await alpha.report({ at: off(byMs) }))).toMatchObject({ outcome: 'recorded' });
    await beat(byMs);
    expect(world.board.state('alpha').verdict).toBe('unknown');
    expect(reasons()).toContain('host.evidence-stale host');
    expect(reasons()).toContain('host.clock-skew host');
    await stream.sendSeal(await alpha.seal({ since: off(byMs), until: off(byMs) }));
    expect(world.board.state('alpha').verdict).toBe('unknown');

    // an agent whose clock was put right reports anew
    expect(await stream.send(await alpha.report())).toMatchObject({ outcome: 'recorded' });
    await beat(0);
    expect([world.board.state('alpha').verdict, reasons()]).toEqual(['compliant', []]);
    world.clock.advance(60_000);
    await stream.sendSeal(await alpha.seal());
    world.clock.advance(1_790_000);
    await beat(0);
    expect(reasons()).toEqual([]);
  });

  it('by a minute and a half is only warned of', async () => {
    await stream.send(await alpha.report({ at: off(-90_000) }));
    await beat(-90_000);
    expect([world.board.state('alpha').verdict, reasons()]).toEqual(['compliant', ['host.clock-skew host']]);
    const { findings } = world.board.judge('alpha') ?? { findings: [] };
    expect(findings).toMatchObject([
      { code: 'host.clock-skew', severity: 'warn', observed: '90s behind the collector' },
    ]);
  });
});

describe('a report in the history', () => {
  it.each([
    ['as noncompliant', {}, 'noncompliant'],
    ['as a demonstration takes it', { demonstration: true }, 'compliant'],
  ])('stands there with the verdict its policy gives: a host outside FIPS mode %s', async (_, policy, verdict) => {
    const world = await IngestWorld.create(['alpha'], policy);
    try {
      const alpha = await world.enroll('alpha');
      const stream = await alpha.connect();
      const measurements = alpha
        .measurements()
        .map((measurement) =>
          measurement.observed.state === 'platform' ? platformMeasurement(NON_FIPS_HOST) : measurement,
        );
      await stream.send(await alpha.report({}, measurements));
      const { items } = await world.store.history('alpha', { size: 10, cursor: '' });
      expect(items.find(({ kind }) => kind === 'report')?.verdict).toBe(verdict);
    } finally {
      await world.dispose();
    }
  });
});

import type { CheckRequest, ComplianceService } from '@sealwatch/collector/compliance/compliance-service.js';
import { createCompliance } from '@sealwatch/collector/compliance/create-compliance.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IngestWorld, type TestHost, type TestStream } from '../fakes/ingest-world.js';

const DAY = 86_400_000;

let world: IngestWorld;
let compliance: ComplianceService;
let alpha: TestHost;
let stream: TestStream;
beforeEach(async () => {
  world = await IngestWorld.create(['alpha', 'beta']);
  compliance = createCompliance(world);
  alpha = await world.enroll('alpha');
  stream = await alpha.connect();
  await stream.send(await alpha.report());
});
afterEach(async () => {
  await world.dispose();
});

const check = (request: Partial<CheckRequest> = {}): ReturnType<ComplianceService['check']> =>
  compliance.check({
    hosts: [],
    cached: false,
    timeoutMs: 60,
    asOf: null,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...request,
  });

/** Answers every challenge as an honest agent does. */
function answering(): () => void {
  const timer = setInterval(() => {
    const asked = stream.received.at(-1);
    if (asked?.kind !== 'challenge') return;
    stream.received.push({ ...asked, kind: 'challenge', nonce: '' });
    void alpha.seal({ nonce: asked.nonce }).then((seal) => stream.sendSeal(seal));
  }, 5);
  return () => {
    clearInterval(timer);
  };
}

describe('a check', () => {
  it('of one host prints that host, and its verdict is the whole cluster’s all the same', async () => {
    const stop = answering();
    try {
      const result = await check({ hosts: ['alpha'], timeoutMs: 2000 });
      expect(result.hosts.map(({ name, verdict, answered }) => [name, verdict, answered])).toEqual([
        ['alpha', 'compliant', true],
      ]);
      expect(result.verdict).toBe('unknown');
      expect(result.coverage).toMatchObject({ declared: 2, failing: [{ name: 'beta', verdict: 'unknown' }] });
    } finally {
      stop();
    }
  });

  it('does not take the last evidence for an answer, however fresh it is', async () => {
    expect((await check({ cached: true })).hosts[0]).toMatchObject({ name: 'alpha', verdict: 'compliant' });
    const { hosts } = await check();
    expect(hosts[0]).toMatchObject({ name: 'alpha', verdict: 'unknown', answered: false });
    expect(hosts[0]?.findings.map(({ code }) => code)).toEqual(['host.no-answer']);
  });

  it('without any declared host is not known', async () => {
    await world.deploy([]);
    const result = await check();
    expect([result.verdict, result.coverage.declared]).toEqual(['unknown', 0]);
  });

  it('names hosts that were removed for 30 days, and no longer', async () => {
    const removedAt = timestamp(world.clock.wall());
    await world.deploy(['alpha'], {}, [{ name: 'beta', removedAt }]);
    world.clock.advance(30 * DAY - 1);
    expect((await check({ cached: true })).coverage.removed).toEqual([{ name: 'beta', removedAt }]);
    world.clock.advance(1);
    expect((await check({ cached: true })).coverage.removed).toEqual([]);
  });
});

import { RULESET } from '@sealwatch/shared/appraisal/appraise.js';
import { randomBytes } from 'node:crypto';
import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import type { Report } from '@sealwatch/shared/statement/report.js';
import type { Seal } from '@sealwatch/shared/statement/seal.js';
import type { CollectorMessage } from '@sealwatch/shared/wire/attest-messages.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BAD, GOOD, IngestWorld, type TestHost, TestStream } from '../fakes/ingest-world.js';

let world: IngestWorld;
let alpha: TestHost;
let stream: TestStream;

beforeEach(async () => {
  world = await IngestWorld.create(['alpha', 'beta']);
  alpha = await world.enroll('alpha');
  stream = await alpha.connect();
});
afterEach(async () => {
  await world.dispose();
});

const verdict = (): string => world.board.state('alpha').verdict;
const reasons = (): readonly string[] => world.board.state('alpha').reasons;
const hours = (count: number): string => new Date(world.clock.wall() + count * 3_600_000).toISOString();

async function alarms(): Promise<string[]> {
  const { items } = await world.store.history('alpha', { size: 1000, cursor: '' });
  return items.filter(({ kind }) => kind === 'alarm').map(({ details }) => details.join(' '));
}

/** Bytes that nobody can tell from a measurement by their size. */
function filling(count: number): MeasurementBody[] {
  return Array.from({ length: count }, () => {
    const bytes = randomBytes(60 * 1024);
    return { digest: sha256(bytes), bytes };
  });
}

const elsewhere: Measurement = {
  subject: { kind: 'file', component: 'backdoor', path: '/usr/bin/backdoor' },
  observed: { state: 'absent' },
};

describe('a host whose kubelet is bad is noncompliant, whatever it says about it:', () => {
  beforeEach(() => {
    alpha.kubelet = BAD;
  });

  it.each<[string, Partial<Report>]>([
    ['nothing', { findings: [] }],
    ['that its rules are newer than ours', { findings: [], ruleset: RULESET + 1 }],
    ['that its rules are newer than anybody’s', { findings: [], ruleset: Number.MAX_SAFE_INTEGER }],
    ['that it looks below another root', { findings: [], hostRoot: '/srv/decoy' }],
    ['that there was no room for anything else', { folded: { changes: 9, since: '2026-11-01T00:00:00.000Z' } }],
    ['that it does not measure files', { findings: [], notMeasured: ['file', 'host'] }],
    ['that all is well, in a thousand words', { agentVersion: '\u001b[2K\r[OK]', bootId: '\u202e'.repeat(64) }],
  ])('%s', async (_, lie) => {
    expect(await stream.send(await alpha.report(lie))).toMatchObject({ outcome: 'recorded' });
    expect(verdict()).toBe('noncompliant');
    expect(reasons()).toContain('file.digest-mismatch file:kubelet:/usr/bin/kubelet');
  });

  it('also if it measured what nobody asked for besides', async () => {
    await stream.send(await alpha.report({}, [...alpha.measurements(), elsewhere]));
    expect(verdict()).toBe('noncompliant');
  });

  it('and a seal about another time does not mend it', async () => {
    await stream.send(await alpha.report());
    for (const lie of [{ until: hours(100), since: hours(-100) }, { observations: 2 ** 40 }, { since: hours(-9000) }])
      await stream.sendSeal(await alpha.seal(lie));
    expect(verdict()).toBe('noncompliant');
  });
});

describe('a good host', () => {
  it('may name its findings in any order', async () => {
    const release = await alpha.report({}, [elsewhere]);
    alpha.head = null;
    const findings = [...release.report.findings].reverse();
    expect(findings.length).toBeGreaterThan(1);
    await stream.send(await alpha.report({ findings }, [elsewhere]));
    expect(reasons()).not.toContain('appraisal.mismatch host');
  });

  it('contradicts itself if it names one twice', async () => {
    const [first] = (await alpha.report({}, [elsewhere])).report.findings as [Finding];
    alpha.head = null;
    await stream.send(await alpha.report({ findings: [first, first] }, [elsewhere]));
    expect(reasons()).toContain('appraisal.mismatch host');
  });
});

describe('what is no statement of ours is refused and alarmed:', () => {
  it.each<[string, object]>([
    ['rules number 0', { ruleset: 0 }],
    ['rules number 1.5', { ruleset: 1.5 }],
    ['a sequence beyond every number', { sequence: 2 ** 60 }],
    ['a subject without a name', { subjects: [{ id: '', measurement: GOOD }] }],
    [
      '2001 subjects',
      { subjects: Array.from({ length: 2001 }, (_, i) => ({ id: `x${String(i)}`, measurement: GOOD })) },
    ],
    ['a subject of 5000 letters', { subjects: [{ id: 'x'.repeat(5000), measurement: GOOD }] }],
    ['a finding nobody knows', { findings: [{ code: 'all.well', subject: 'host', expected: null, observed: null }] }],
    ['a nonce of letters', { nonce: 'z'.repeat(32) }],
    ['a day that does not exist', { at: '2026-02-30T00:00:00.000Z' }],
    ['a version of 65 letters', { agentVersion: 'x'.repeat(65) }],
  ])('%s', async (_, lie) => {
    expect(await stream.send(await alpha.report(lie))).toMatchObject({
      outcome: 'rejected',
      code: 'statement.malformed',
    });
    expect(await alarms()).toHaveLength(1);
    expect(verdict()).toBe('unknown');
  });
});

describe('a challenge is answered by nothing but', () => {
  const ask = async (): Promise<{ nonce: string; answered: () => boolean; over: Promise<boolean> }> => {
    const over = world.challenges.ask('alpha', 5000, new AbortController().signal);
    let answered = false;
    void over.then((yes) => (answered = yes));
    const challenge = stream.received.at(-1) as CollectorMessage & { kind: 'challenge' };
    return Promise.resolve({ nonce: challenge.nonce, answered: () => answered, over });
  };

  it('its nonce in a statement about the newest report, on a chain that holds', async () => {
    await stream.send(await alpha.report());
    const older = alpha.head;
    await stream.send(await alpha.report());
    const newest = alpha.head;
    const { nonce, answered, over } = await ask();
    alpha.head = older;
    expect(await stream.sendSeal(await alpha.seal({ nonce }))).toMatchObject({ outcome: 'recorded' });
    expect(await stream.send(await alpha.report({ nonce }))).toMatchObject({ outcome: 'rejected', code: 'chain.fork' });
    alpha.head = newest;
    expect(await stream.sendSeal(await alpha.seal({ nonce, reportDigest: BAD }))).toMatchObject({
      outcome: 'rejected',
    });
    expect(await stream.sendSeal(await alpha.seal({ nonce: 'a'.repeat(32) }))).toMatchObject({ outcome: 'recorded' });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(answered()).toBe(false);
    world.clock.advance(1);
    await stream.sendSeal(await alpha.seal({ nonce }));
    await expect(over).resolves.toBe(true);
  });

  it('a fresh one: the nonce of a check before is worth nothing', async () => {
    await stream.send(await alpha.report());
    const first = await ask();
    await stream.sendSeal(await alpha.seal({ nonce: first.nonce }));
    await expect(first.over).resolves.toBe(true);
    const second = await ask();
    world.clock.advance(1);
    await stream.sendSeal(await alpha.seal({ nonce: first.nonce }));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(second.answered()).toBe(false);
    expect(second.nonce).not.toBe(first.nonce);
  });
});

describe('one host can’t exhaust us:', () => {
  it('measurements nobody asked for are not kept', async () => {
    const report = await alpha.report();
    await stream.session.receive({ kind: 'bodies', bodies: report.bodies });
    expect(await stream.send({ ...report, bodies: [] })).toMatchObject({ kind: 'need' });
  });

  it('measurements that no report names are not kept, either', async () => {
    const first = await alpha.report();
    alpha.kubelet = BAD;
    const second = await alpha.report();
    await stream.send({ ...first, bodies: [...first.bodies, ...second.bodies] });
    expect(await stream.send({ ...second, bodies: [] })).toMatchObject({ kind: 'need' });
  });

  it('a report may bring a lot of measurements, and not more', async () => {
    const bodies = filling(300);
    const subjects = bodies.map(({ digest }, index) => ({ id: `file:x:/${String(index)}`, measurement: digest }));
    expect(await stream.send({ ...(await alpha.report({ subjects })), bodies: [] })).toMatchObject({ kind: 'need' });
    await expect(stream.session.receive({ kind: 'bodies', bodies })).rejects.toMatchObject({ code: 'limit.exceeded' });
  });

  it('what waits behind a report is bounded, too', async () => {
    await stream.send({ ...(await alpha.report()), bodies: [] });
    const waiting = await alpha.report();
    for (let i = 0; i < 12 && stream.ended === undefined; i++) {
      await stream.session.receive({ kind: 'report', envelope: waiting.envelope, bodies: filling(60) });
    }
    expect(stream.ended).toMatchObject({ code: 'limit.exceeded' });
  });

  it('of its alarms the first hundred are kept, and how many came after', async () => {
    const bad = await alpha.report({ ruleset: 0 });
    for (let i = 0; i < 150; i++) expect(await stream.send(bad)).toMatchObject({ outcome: 'rejected' });
    expect(await alarms()).toHaveLength(100);
    world.clock.advance(3_600_000);
    await stream.send(bad);
    const kept = await alarms();
    expect(kept).toHaveLength(101);
    expect(kept[0]).toContain('50 alarms before it, not kept');
  });
});

it('a measurement that came with a refused report is asked for again: what is not on disk is not known', async () => {
  await stream.send(await alpha.report());
  alpha.kubelet = BAD;
  const held = alpha.head;
  expect(await stream.send(await alpha.report({ previous: GOOD }))).toMatchObject({ code: 'chain.fork' });
  alpha.head = held;
  const next = await alpha.connect();
  const report = await alpha.report();
  expect(await next.send({ ...report, bodies: [] })).toMatchObject({ kind: 'need' });
  await next.session.receive({ kind: 'bodies', bodies: report.bodies });
  const digests = report.report.subjects.map(({ measurement }) => measurement);
  expect([...(await world.store.bodies(digests)).keys()].sort()).toEqual([...digests].sort());
});

it('a second agent that announces a hasty heartbeat does not push the first one out', async () => {
  const second = new TestStream(world.service, { host: 'alpha', epoch: 1 });
  const hello = second.session.receive({
    kind: 'hello',
    protocolVersions: [1],
    agentVersion: 'x',
    instance: 'e'.repeat(32),
    heartbeatIntervalMs: 1,
    scanIntervalMs: 1,
    head: null,
    releaseVersion: 1,
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(stream.ended).toBeUndefined();
  await stream.session.receive({ kind: 'heartbeat', head: null, nextScanInMs: 1, at: hours(0) });
  await hello;
  expect(second.ended).toMatchObject({ code: 'instance.duplicate' });
  expect(await alarms()).toEqual([expect.stringContaining('instance.duplicate')]);
});

it('an enrolment that replaced another vouches for nothing before it has spoken', async () => {
  await stream.send(await alpha.report());
  expect(verdict()).toBe('compliant');
  const again = await world.enroll('alpha', true);
  expect([verdict(), reasons()]).toEqual(['unknown', ['host.never-reported host']]);
  const second = await again.connect();
  await second.send(await again.report());
  expect(verdict()).toBe('compliant');
});

describe('a host clock that ran ahead for a moment', () => {
  it.each<[string, number]>([
    ['an hour', 1],
    ['a year', 24 * 365],
  ])('by %s makes nobody fresh, and put right the host is fresh again', async (_, ahead) => {
    await stream.send(await alpha.report());
    await stream.sendSeal(await alpha.seal({ until: hours(ahead) }));
    world.clock.advance(1_801_000);
    world.board.tick();
    expect(verdict()).toBe('unknown');
    const seal: Partial<Seal> = {};
    expect(await stream.sendSeal(await alpha.seal(seal))).toMatchObject({ outcome: 'recorded' });
    expect(verdict()).toBe('compliant');
  });
});

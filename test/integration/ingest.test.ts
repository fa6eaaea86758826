import { randomBytes } from 'node:crypto';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { finding } from '@sealwatch/shared/appraisal/finding.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BAD, GOOD, IngestWorld, type TestHost, type TestStream } from '../fakes/ingest-world.js';

describe('a report on its way in', () => {
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

  const verdict = (host = 'alpha'): string => world.board.state(host).verdict;
  const reasons = (host = 'alpha'): readonly string[] => world.board.state(host).reasons;
  const alarms = async (host = 'alpha'): Promise<string[]> => {
    const { items } = await world.store.history(host, { size: 100, cursor: '' });
    return items.filter(({ kind }) => kind === 'alarm').map(({ details }) => details.join(' '));
  };

  it('is recorded, acknowledged, and makes the host compliant', async () => {
    const report = await alpha.report();
    expect(await stream.send(report)).toMatchObject({
      kind: 'ack',
      outcome: 'recorded',
      sequence: 1,
      digest: report.digest,
    });
    expect(verdict()).toBe('compliant');
    const stored = await world.store.report('alpha', 1, 1);
    expect(stored?.envelope).toEqual(report.envelope);
  });

  it('turns the host noncompliant when a digest is not the signed one, and back when it is mended', async () => {
    alpha.kubelet = BAD;
    await stream.send(await alpha.report());
    expect([verdict(), reasons()]).toEqual(['noncompliant', ['file.digest-mismatch file:kubelet:/usr/bin/kubelet']]);
    alpha.kubelet = GOOD;
    await stream.send(await alpha.report());
    expect(verdict()).toBe('compliant');
  });

  it('is a duplicate when it comes again, also on another stream', async () => {
    const report = await alpha.report();
    await stream.send(report);
    stream.session.closed();
    const second = await alpha.connect();
    expect(await second.send(report)).toMatchObject({ outcome: 'duplicate', digest: report.digest });
    const { items } = await world.store.history('alpha', { size: 100, cursor: '' });
    expect(items.filter(({ kind }) => kind === 'report')).toHaveLength(1);
  });

  it('asks for bodies it has never seen, takes later reports in order behind it, and knows them next time', async () => {
    const first = await alpha.report();
    alpha.kubelet = BAD;
    const second = await alpha.report();
    expect(await stream.send({ ...first, bodies: [] })).toMatchObject({ kind: 'need' });
    await stream.send({ ...second, bodies: [] });
    await stream.session.receive({ kind: 'bodies', bodies: first.bodies });
    expect(stream.received.at(-1)).toMatchObject({ kind: 'need' });
    await stream.session.receive({ kind: 'bodies', bodies: second.bodies });
    const acks = stream.received.flatMap((message) =>
      message.kind === 'ack' ? [[message.sequence, message.outcome]] : [],
    );
    expect(acks).toEqual([
      [1, 'recorded'],
      [2, 'recorded'],
    ]);
    alpha.kubelet = GOOD;
    expect(await stream.send({ ...(await alpha.report()), bodies: [] })).toMatchObject({
      outcome: 'recorded',
      sequence: 3,
    });
  });

  it('is refused and alarmed when it rewrites history', async () => {
    const before = alpha.head;
    await stream.send(await alpha.report());
    alpha.head = before;
    alpha.kubelet = BAD;
    expect(await stream.send(await alpha.report())).toMatchObject({ outcome: 'rejected', code: 'chain.fork' });
    expect(await alarms()).toEqual([expect.stringContaining('chain.fork')]);
    expect(verdict()).toBe('compliant');
  });

  it('is refused and alarmed when it continues another history', async () => {
    await stream.send(await alpha.report());
    expect(await stream.send(await alpha.report({ previous: BAD }))).toMatchObject({
      outcome: 'rejected',
      code: 'chain.fork',
    });
  });

  it('after a gap is recorded, the gap is alarmed, and the chain goes on', async () => {
    await stream.send(await alpha.report());
    await alpha.report();
    expect(await stream.send(await alpha.report())).toMatchObject({ outcome: 'recorded', sequence: 3 });
    expect(await stream.send(await alpha.report())).toMatchObject({ outcome: 'recorded', sequence: 4 });
    expect(await alarms()).toEqual([expect.stringContaining('chain.gap')]);
    expect(verdict()).toBe('compliant');
  });

  it('that lies about its findings is recorded and fails the host', async () => {
    alpha.kubelet = BAD;
    await stream.send(await alpha.report({ findings: [] }));
    expect([verdict(), reasons()]).toEqual([
      'noncompliant',
      ['appraisal.mismatch host', 'file.digest-mismatch file:kubelet:/usr/bin/kubelet'],
    ]);
  });

  it('that accuses itself of what it did not measure contradicts itself, too', async () => {
    await stream.send(await alpha.report({ findings: [finding('host.fips-disabled', 'host:platform')] }));
    expect(reasons()).toEqual(['appraisal.mismatch host']);
  });

  it('without a measurement the policy requires leaves the host unknown', async () => {
    await stream.send(await alpha.report({}, alpha.measurements().slice(0, 1)));
    expect(verdict()).toBe('unknown');
    expect(reasons()).toContain('evidence.missing host:platform');
  });

  it.each([
    ['another host', { host: 'beta' }, 'host.mismatch'],
    ['another cluster', { clusterId: 'f'.repeat(32) }, 'host.mismatch'],
    ['another epoch', { epoch: 2 }, 'chain.stale-epoch'],
    ['another inception', { inception: BAD }, 'inception.mismatch'],
    ['an unknown field', { extra: true }, 'statement.malformed'],
    ['a subject twice', {}, 'statement.malformed'],
    ['a measurement under another name', {}, 'statement.malformed'],
  ])('that speaks of %s is refused and alarmed', async (what, lie, code) => {
    const measurements =
      what === 'a subject twice'
        ? [...alpha.measurements(), ...alpha.measurements().slice(0, 1)]
        : alpha.measurements();
    const good = await alpha.report();
    alpha.head = null;
    const subjects =
      what === 'a measurement under another name'
        ? { subjects: good.report.subjects.map((subject) => ({ ...subject, id: 'host:platform' })) }
        : {};
    const report = await alpha.report({ ...lie, ...subjects }, measurements);
    expect(await stream.send(report)).toMatchObject({ outcome: 'rejected', code });
    expect(await alarms()).toEqual([expect.stringContaining(code)]);
    expect(verdict()).toBe('unknown');
  });

  it('signed by another enrolled host is refused', async () => {
    const beta = await world.enroll('beta');
    expect(await stream.send(await beta.report())).toMatchObject({ outcome: 'rejected', code: 'host.mismatch' });
    expect(await stream.send(await beta.report({ host: 'alpha' }))).toMatchObject({
      outcome: 'rejected',
      code: 'host.mismatch',
    });
    expect(verdict('beta')).toBe('unknown');
  });

  it('with a signature that does not hold, by a stranger, or with two signatures is refused', async () => {
    const report = await alpha.report();
    const [signature] = report.envelope.signatures;
    if (signature === undefined) throw new Error('unsigned');
    const bent = Buffer.from(signature.sig);
    bent[20] = (bent[20] ?? 0) ^ 1;
    const altered = {
      ...report.envelope,
      payload: Buffer.from(report.envelope.payload.toString().replace('"boot"', '"root"')),
    };
    const attempts = [
      [{ ...report.envelope, signatures: [{ ...signature, sig: bent }] }, 'envelope.bad-signature'],
      [altered, 'envelope.bad-signature'],
      [
        { ...report.envelope, signatures: [{ ...signature, keyid: randomBytes(32).toString('hex') }] },
        'envelope.unknown-key',
      ],
      [{ ...report.envelope, signatures: [signature, signature] }, 'envelope.malformed'],
      [{ ...report.envelope, payloadType: PAYLOAD_TYPES.seal }, 'envelope.malformed'],
    ] as const;
    for (const [envelope, code] of attempts) {
      expect(await stream.send({ ...report, envelope })).toMatchObject({ outcome: 'rejected', code });
    }
    expect(verdict()).toBe('unknown');
  });

  it('under a release nobody here knows leaves the host unknown', async () => {
    await stream.send(await alpha.report({ release: { version: 99, digest: BAD } }));
    expect([verdict(), reasons()]).toEqual(['unknown', ['host.release-unknown host']]);
  });

  it('from an hour ago is recorded but makes nobody fresh; a seal of now does', async () => {
    const report = await alpha.report();
    world.clock.advance(3_600_000);
    expect(await stream.send(report)).toMatchObject({ outcome: 'recorded' });
    expect(reasons()).toEqual(['host.evidence-stale host']);
    expect(await stream.sendSeal(await alpha.seal())).toMatchObject({ of: 'seal', outcome: 'recorded' });
    expect(verdict()).toBe('compliant');
  });

  it('of a host whose clock runs ahead is recorded but never fresh', async () => {
    const ahead = new Date(world.clock.wall() + 3_600_000).toISOString();
    expect(await stream.send(await alpha.report({ at: ahead }))).toMatchObject({ outcome: 'recorded' });
    expect(reasons()).toEqual(['host.evidence-stale host']);
    await stream.sendSeal(await alpha.seal({ since: ahead, until: ahead }));
    expect(verdict()).toBe('unknown');
  });

  it('keeps a host compliant until silence and age say otherwise', async () => {
    await stream.send(await alpha.report());
    world.clock.advance(90_001);
    world.board.tick();
    expect([verdict(), reasons()]).toEqual(['unknown', ['host.silent host']]);
    await stream.session.receive({
      kind: 'heartbeat',
      head: alpha.head,
      nextScanInMs: 1,
      at: new Date(world.clock.wall()).toISOString(),
    });
    expect(verdict()).toBe('compliant');
  });

  it('that failed stays failed through silence', async () => {
    alpha.kubelet = BAD;
    await stream.send(await alpha.report());
    stream.session.closed();
    world.clock.advance(86_400_000);
    world.board.tick();
    expect(verdict()).toBe('noncompliant');
  });

  it('answers a challenge only with its nonce', async () => {
    await stream.send(await alpha.report());
    const asked = world.challenges.ask('alpha', 5000, new AbortController().signal);
    const challenge = stream.received.at(-1);
    if (challenge?.kind !== 'challenge') throw new Error('no challenge');
    let done = false;
    void asked.then(() => (done = true));
    await stream.sendSeal(await alpha.seal({ nonce: randomBytes(16).toString('hex') }));
    await Promise.resolve();
    expect(done).toBe(false);
    await stream.sendSeal(await alpha.seal({ nonce: challenge.nonce }));
    await expect(asked).resolves.toBe(true);
  });

  it('a seal for a report that was never recorded is refused', async () => {
    await stream.send(await alpha.report());
    expect(await stream.sendSeal(await alpha.seal({ reportDigest: BAD }))).toMatchObject({
      outcome: 'rejected',
      code: 'report.rejected',
    });
    expect(await stream.sendSeal(await alpha.seal({ sequence: 9 }))).toMatchObject({
      outcome: 'rejected',
      code: 'report.rejected',
    });
  });

  it('a replayed seal does not keep a host fresh', async () => {
    await stream.send(await alpha.report());
    world.clock.advance(1000);
    const seal = await alpha.seal();
    await stream.sendSeal(seal);
    for (let minute = 0; minute < 31; minute++) {
      world.clock.advance(60_000);
      await stream.sendSeal(seal);
    }
    world.board.tick();
    expect(reasons()).toEqual(['host.evidence-stale host']);
  });

  it('a new epoch goes on from the old head, and the old key is worth nothing any more', async () => {
    await stream.send(await alpha.report());
    const again = await world.enroll('alpha', true);
    expect(again.epoch).toBe(2);
    const second = await again.connect();
    expect(await second.send(await again.report())).toMatchObject({ outcome: 'recorded', sequence: 1, epoch: 2 });
    const old = await alpha.report();
    expect(await second.send(old)).toMatchObject({ outcome: 'rejected', code: 'host.mismatch' });
    expect(verdict()).toBe('compliant');
  });

  it('a second agent under the same identity is refused and alarmed while the first is alive', async () => {
    const second = alpha.connect({ instance: 'e'.repeat(32) });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await stream.session.receive({
      kind: 'heartbeat',
      head: null,
      nextScanInMs: 1,
      at: new Date(world.clock.wall()).toISOString(),
    });
    expect((await second).ended).toMatchObject({ code: 'instance.duplicate' });
    expect(stream.ended).toBeUndefined();
    expect(await alarms()).toEqual([expect.stringContaining('instance.duplicate')]);
  });

  it('a second stream of the same agent replaces the first', async () => {
    const second = await alpha.connect();
    expect(stream.ended).toMatchObject({ code: 'request.cancelled' });
    expect(second.received[0]).toMatchObject({ kind: 'welcome' });
    expect(await second.send(await alpha.report())).toMatchObject({ outcome: 'recorded' });
    expect(world.board.state('alpha').connected).toBe(true);
  });

  it('an agent restarted after its machine lost power takes over from the silent stream', async () => {
    stream.session.closed();
    const second = await alpha.connect({ instance: 'e'.repeat(32) });
    expect(second.received[0]).toMatchObject({ kind: 'welcome' });
  });

  it('nothing is taken before Hello', async () => {
    const { TestStream: Stream } = await import('../fakes/ingest-world.js');
    const silent = new Stream(world.service, { host: 'alpha', epoch: 1 });
    await silent.send(await alpha.report());
    expect(silent.ended).toMatchObject({ code: 'collector.protocol' });
    expect(await world.store.head('alpha')).toBeUndefined();
  });

  it('anything else the host key signed is no report', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const { keySigner } = await import('@sealwatch/shared/signing/key-file-signer.js');
    const stranger = keySigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    const report = await alpha.report();
    const envelope = await signEnvelope(PAYLOAD_TYPES.report, report.report, stranger);
    expect(await stream.send({ ...report, envelope })).toMatchObject({
      outcome: 'rejected',
      code: 'envelope.unknown-key',
    });
  });

  it('revocation ends the stream and the host is not known any more', async () => {
    await stream.send(await alpha.report());
    expect(world.service.endStreamsOf('alpha')).toBe(true);
    expect(stream.ended).toMatchObject({ code: 'host.revoked' });
    expect(world.board.state('alpha').connected).toBe(false);
  });

  it('a release that declares another component judges every host anew at once', async () => {
    await stream.send(await alpha.report());
    expect(verdict()).toBe('compliant');
    await world.deploy(['alpha'], { components: { worker: { kubelet: 'file', runc: 'file' } } });
    expect([verdict(), reasons()]).toEqual(['noncompliant', ['component.unlisted component:runc']]);
  });
});

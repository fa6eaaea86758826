import { randomBytes } from 'node:crypto';
import { observeEnrollment } from '@sealwatch/collector/compliance/observe-enrollment.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BAD, IngestWorld, type TestHost, type TestStream } from '../fakes/ingest-world.js';

const MINUTE = 60_000;

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

const now = (): string => timestamp(world.clock.wall());
const beat = (): Promise<void> =>
  stream.session.receive({ kind: 'heartbeat', head: alpha.head, nextScanInMs: 1, at: now() });
const askAlpha = (): { answered: Promise<boolean>; nonce: string } => {
  const answered = world.challenges.ask('alpha', 5000, new AbortController().signal);
  const challenge = stream.received.at(-1);
  if (challenge?.kind !== 'challenge') throw new Error('no challenge');
  return { answered, nonce: challenge.nonce };
};

describe('a signer', () => {
  it('whose certificate was revoked signs nothing more, also on a stream that got through', async () => {
    await world.store.revokeHost({ host: 'alpha', at: now(), reason: 'stolen', by: 'admin' });
    const later = await alpha.connect({ instance: alpha.instance });
    expect(await later.send(await alpha.report())).toMatchObject({ outcome: 'rejected', code: 'host.revoked' });
    expect(await later.sendSeal(await alpha.seal())).toMatchObject({ outcome: 'rejected', code: 'host.revoked' });
  });

  it('whose certificate has ended signs nothing more', async () => {
    await stream.send(await alpha.report());
    world.clock.advance(366 * 24 * 60 * MINUTE);
    for (const answer of [await stream.send(await alpha.report()), await stream.sendSeal(await alpha.seal())]) {
      expect(answer).toMatchObject({ outcome: 'rejected', code: 'certificate.rejected' });
    }
  });
});

describe('a seal', () => {
  it('of another host, or about one, is refused on this stream', async () => {
    await stream.send(await alpha.report());
    const beta = await world.enroll('beta');
    const place = { sequence: 1, reportDigest: alpha.head?.digest ?? BAD };
    beta.head = alpha.head;
    for (const seal of [await beta.seal({ host: 'alpha', ...place }), await alpha.seal({ host: 'beta' })]) {
      expect(await stream.sendSeal(seal)).toMatchObject({ outcome: 'rejected', code: 'host.mismatch' });
    }
  });

  it('that ends before it begins is refused', async () => {
    await stream.send(await alpha.report());
    const seal = await alpha.seal({ since: timestamp(world.clock.wall() + 1) });
    expect(await stream.sendSeal(seal)).toMatchObject({ outcome: 'rejected', code: 'statement.malformed' });
  });

  it('of a report that is not the newest neither makes a host fresh nor answers a challenge', async () => {
    await stream.send(await alpha.report());
    const older = alpha.head;
    alpha.kubelet = BAD;
    await stream.send(await alpha.report());
    const newest = alpha.head;
    world.clock.advance(31 * MINUTE);
    await beat();
    const { answered, nonce } = askAlpha();
    alpha.head = older;
    expect(await stream.sendSeal(await alpha.seal({ nonce }))).toMatchObject({ outcome: 'recorded' });
    expect(world.board.state('alpha').reasons).toEqual([
      'file.digest-mismatch file:kubelet:/usr/bin/kubelet',
      'host.evidence-stale host',
    ]);
    alpha.head = newest;
    await stream.sendSeal(await alpha.seal({ nonce }));
    await expect(answered).resolves.toBe(true);
    expect(world.board.state('alpha').reasons).not.toContain('host.evidence-stale host');
  });
});

describe('a report', () => {
  it('with the nonce answers the challenge, one with another does not', async () => {
    await stream.send(await alpha.report());
    const { answered, nonce } = askAlpha();
    let done = false;
    void answered.then(() => (done = true));
    await stream.send(await alpha.report({ nonce: randomBytes(16).toString('hex') }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    await stream.send(await alpha.report({ nonce }));
    await expect(answered).resolves.toBe(true);
  });

  it('of some subjects is as old as the rest that it carries on', async () => {
    await stream.send(await alpha.report());
    const carriedFrom = now();
    world.clock.advance(29 * MINUTE);
    await beat();
    alpha.kubelet = BAD;
    await stream.send(await alpha.report({ carriedFrom }));
    expect(world.board.state('alpha').reasons).toEqual(['file.digest-mismatch file:kubelet:/usr/bin/kubelet']);
    world.clock.advance(MINUTE + 1);
    await beat();
    expect(world.board.state('alpha').reasons).toContain('host.evidence-stale host');
    await stream.sendSeal(await alpha.seal());
    expect(world.board.state('alpha').reasons).not.toContain('host.evidence-stale host');
  });

  it('that carries on what it says was seen later than itself makes no host fresh', async () => {
    await stream.send(await alpha.report());
    await stream.send(await alpha.report({ carriedFrom: timestamp(world.clock.wall() + 1) }));
    expect(world.board.state('alpha').reasons).toEqual(['host.evidence-stale host']);
  });

  it('of some subjects answers no challenge', async () => {
    await stream.send(await alpha.report());
    const { answered, nonce } = askAlpha();
    let done = false;
    void answered.then(() => (done = true));
    await stream.send(await alpha.report({ nonce, carriedFrom: now() }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    await stream.send(await alpha.report({ nonce }));
    await expect(answered).resolves.toBe(true);
  });

  it('that lists a good measurement under the name of another subject is refused', async () => {
    const { report } = await alpha.report();
    alpha.head = null;
    const [file, fips, ...rest] = report.subjects;
    if (file === undefined || fips === undefined) throw new Error('too few subjects');
    const swapped = [{ ...file, measurement: fips.measurement }, { ...fips, measurement: file.measurement }, ...rest];
    expect(await stream.send(await alpha.report({ subjects: swapped }))).toMatchObject({
      outcome: 'rejected',
      code: 'statement.malformed',
    });
  });

  it('of other rules is judged by ours alone, and not held against its own conclusion', async () => {
    alpha.kubelet = BAD;
    await stream.send(await alpha.report({ ruleset: 99, findings: [] }));
    expect(world.board.state('alpha').reasons).toEqual(['file.digest-mismatch file:kubelet:/usr/bin/kubelet']);
  });
});

it('an enrolled host that is not declared is named, and no more once it is revoked', async () => {
  await world.enroll('beta');
  await world.deploy(['alpha']);
  const named = () => world.board.clusterFindings().map(({ code, subject }) => `${code} ${subject}`);
  expect(named()).toEqual(['host.undeclared host:beta']);
  const enrollments = observeEnrollment(world.store, { board: world.board, endStreamsOf: () => false });
  await enrollments.revokeHost({ host: 'beta', at: now(), reason: 'gone', by: 'admin' });
  expect(named()).toEqual([]);
});

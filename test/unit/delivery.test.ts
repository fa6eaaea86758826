import { Delivery } from '@sealwatch/agent/delivery/delivery.js';
import type { DeliveryDeps } from '@sealwatch/agent/delivery/delivery-session.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { ReleaseBundle } from '@sealwatch/shared/trust/open-release.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChainBench, kubelet, quiet } from '../fakes/agent-chain.js';
import { MemoryOutbox } from '../fakes/memory-outbox.js';
import { type Fate, ScriptedCollector } from '../fakes/scripted-collector.js';
import { waitUntil } from '../fakes/wait-until.js';

const BACKOFF = { firstMs: 1, mostMs: 5 };

let collector: ScriptedCollector;
let outbox: MemoryOutbox;
let bench: ChainBench;
let delivery: Delivery | undefined;
let ended: Promise<unknown>;
let rejections: string[];
let challenges: string[];
beforeEach(() => {
  collector = new ScriptedCollector();
  outbox = new MemoryOutbox();
  bench = new ChainBench(outbox);
  rejections = [];
  challenges = [];
});
afterEach(async () => {
  await delivery?.stop(0);
  delivery = undefined;
});

function start(changes: Partial<DeliveryDeps> = {}): Delivery {
  const started = new Delivery({
    open: collector.open,
    outbox,
    epoch: 1,
    instance: 'ab'.repeat(16),
    announce: () => ({ heartbeatIntervalMs: 20, scanIntervalMs: 900_000, releaseVersion: 3 }),
    nextScanInMs: () => 1234,
    onChallenge: ({ nonce }) => challenges.push(nonce),
    onUpdate: () => Promise.resolve(),
    onRejected: ({ kind, sequence }, { code }) => rejections.push(`${kind} ${String(sequence)} ${code}`),
    onForgotten: () => undefined,
    clock: systemClock,
    log: quiet,
    backoff: BACKOFF,
    ...changes,
  });
  delivery = started;
  ended = started.run().catch((error: unknown) => error);
  return started;
}

const drained = (): Promise<boolean> => waitUntil('everything is delivered', () => outbox.waiting().length === 0);
const arrived = (): string[] => collector.received.map(({ of, sequence }) => `${of} ${String(sequence)}`);

async function signed(...contents: string[]): Promise<void> {
  for (const content of contents) await bench.scan(content);
}

describe('on its stream an agent', () => {
  it('says who it is first, with its head, and beats at its interval', async () => {
    await signed('a');
    start();
    await waitUntil('three heartbeats', () => collector.heartbeats.length >= 3);
    expect(collector.hellos).toEqual([
      {
        kind: 'hello',
        protocolVersions: [1],
        agentVersion: expect.any(String) as string,
        instance: 'ab'.repeat(16),
        heartbeatIntervalMs: 20,
        scanIntervalMs: 900_000,
        head: outbox.head(),
        releaseVersion: 3,
      },
    ]);
    expect(collector.heartbeats[0]).toMatchObject({ head: outbox.head(), nextScanInMs: 1234 });
  });

  it('says when the collector has lost the report it acknowledged, and only then', async () => {
    const forgotten: number[] = [];
    const onForgotten = ({ sequence }: { sequence: number }): number => forgotten.push(sequence);
    await signed('a', 'b');
    start({ onForgotten });
    await drained();
    collector.drop();
    await waitUntil('it is back', () => collector.hellos.length === 2 && collector.connected);
    const held = collector.head;
    collector.head = null;
    collector.drop();
    await waitUntil('it was told', () => forgotten.length > 0);
    collector.head = held;
    expect(forgotten).toEqual([2]);
  });

  it('delivers in order, and what comes later at once', async () => {
    await signed('a', 'a', 'b', 'c', 'd', 'e');
    start();
    await drained();
    expect(arrived()).toEqual(['report 1', 'seal 1', 'report 2', 'report 3', 'report 4', 'report 5']);
    await signed('f', 'f');
    await drained();
    expect(arrived().slice(6)).toEqual(['report 6', 'seal 6']);
  });

  it('has no more under way than its credit, each answer giving one back', async () => {
    collector.credit = 2;
    collector.fate = () => 'hold';
    await signed('a', 'a', 'b', 'c');
    start();
    await waitUntil('two arrived', () => collector.received.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(arrived()).toEqual(['report 1', 'seal 1']);
    const { of, sequence, digest } = collector.received[0]!;
    collector.send({ kind: 'ack', of, epoch: 1, sequence, digest, outcome: 'recorded', code: '', message: '' });
    await waitUntil('the third arrived', () => collector.received.length === 3);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(arrived()).toEqual(['report 1', 'seal 1', 'report 2']);
  });

  it('brings along only bodies the collector may not have, and any it asks for', async () => {
    await signed('a', 'b');
    start();
    await drained();
    expect(collector.received.map(({ bodies }) => bodies)).toEqual([1, 1]);
    const subjects = [
      { id: 'file:kubelet:/usr/bin/kubelet', body: kubelet('b') },
      { id: 'file:runc:/usr/bin/runc', body: kubelet('x') },
    ];
    await bench.scan('', { subjects });
    await drained();
    expect(collector.received[2]?.bodies).toBe(1);

    // the collector lost its database: it says so by asking
    collector.bodies.clear();
    await bench.scan('', { subjects: [...subjects, { id: 'file:kubeadm:/usr/bin/kubeadm', body: kubelet('y') }] });
    await drained();
    expect(collector.recorded.size).toBe(4);
    expect(collector.bodies).toEqual(new Set(['b', 'x', 'y'].map((content) => kubelet(content).digest)));
  });

  it('hands challenges on', async () => {
    start();
    await waitUntil('connected', () => delivery?.connected);
    collector.send({ kind: 'challenge', nonce: 'cd'.repeat(16), deadlineMs: 1000 });
    await waitUntil('the challenge arrived', () => challenges.length > 0);
    expect(challenges).toEqual(['cd'.repeat(16)]);
  });

  it('hands a release on, with Welcome and later', async () => {
    const updates: ReleaseBundle[] = [];
    const envelope = { payloadType: 'x', payload: Buffer.from('x'), signatures: [] };
    collector.update = { release: envelope, manifests: [] };
    start({
      onUpdate: (bundle) => {
        updates.push(bundle);
        return Promise.resolve();
      },
    });
    await waitUntil('the first', () => updates.length === 1);
    collector.send({ kind: 'update', bundle: { release: envelope, manifests: [envelope] } });
    await waitUntil('the second', () => updates.length === 2);
  });

  it('does not send a rejected report again, and goes on with the next', async () => {
    await signed('a', 'b');
    collector.fate = ({ sequence }) => (sequence === 1 ? 'reject' : 'record');
    start();
    await drained();
    expect(arrived()).toEqual(['report 1', 'report 2']);
    expect(rejections).toEqual(['report 1 report.rejected']);
    expect(outbox.rejected).toMatchObject([{ sequence: 1, code: 'report.rejected' }]);
  });

  it('finds what was rejected by its digest: a collector that could not read it does not know its place', async () => {
    await signed('a');
    collector.fate = () => 'hold';
    start();
    const { digest } = await waitUntil('it arrived', () => collector.received[0]);
    const nowhere = { of: 'report', epoch: 0, sequence: 0, digest } as const;
    collector.send({ kind: 'ack', ...nowhere, outcome: 'rejected', code: 'statement.malformed', message: '' });
    await waitUntil('it is set aside', () => outbox.rejected.length === 1);
    expect(outbox.rejected).toMatchObject([{ sequence: 1, code: 'statement.malformed' }]);
  });

  it('sets aside a report whose measurements are lost here instead of blocking all after it', async () => {
    await signed('a');
    const bodies = outbox.bodies.bind(outbox);
    const lost = kubelet('a').digest;
    outbox.bodies = async (digests) => (await bodies(digests)).filter(({ digest }) => digest !== lost);
    await signed('b');
    start();
    await drained();
    expect(rejections).toEqual(['report 1 store.corrupt']);
    expect([...collector.recorded.keys()]).toEqual([2]);
  });
});

describe('when the stream breaks', () => {
  it.each<Fate>(['lose', 'forget'])(
    'everything still arrives once and in order, wherever it breaks (%s)',
    async (fate) => {
      for (let breaksAt = 1; breaksAt <= 7; breaksAt++) {
        collector = new ScriptedCollector();
        collector.credit = 3;
        outbox = new MemoryOutbox();
        bench = new ChainBench(outbox);
        await signed('a', 'a', 'b', 'c', 'c', 'd', 'e');
        let count = 0;
        collector.fate = () => (++count === breaksAt ? fate : 'record');
        start();
        await drained();
        await delivery?.stop(0);
        expect(collector.reports.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
        const digests = new Map(
          collector.received.map(({ of, sequence, digest }) => [`${of} ${String(sequence)}`, digest]),
        );
        for (const { of, sequence, digest } of collector.received)
          expect(digests.get(`${of} ${String(sequence)}`)).toBe(digest);
        expect(collector.hellos).toHaveLength(2);
      }
    },
  );

  it('does not send again what the collector has by its head', async () => {
    await signed('a', 'b', 'c');
    let lost = false;
    collector.fate = ({ sequence }) => {
      if (sequence !== 2 || lost) return 'record';
      lost = true;
      return 'forget';
    };
    start();
    await drained();
    expect(arrived()).toEqual(['report 1', 'report 2', 'report 3']);
  });

  it('takes an acknowledgement that came twice, late or for something unknown', async () => {
    await signed('a');
    collector.fate = () => 'duplicate';
    start();
    await drained();
    const { sequence, digest } = collector.received[0]!;
    const ack = { kind: 'ack', of: 'report', epoch: 1, sequence, digest, code: '', message: '' } as const;
    collector.send({ ...ack, outcome: 'recorded' });
    collector.send({ ...ack, outcome: 'rejected' });
    collector.send({ ...ack, of: 'seal', sequence: 9, outcome: 'recorded' });
    await signed('b');
    await drained();
    expect(rejections).toEqual([]);
    expect(collector.hellos).toHaveLength(1);
  });

  it('waits for a collector that is down, and reconnects', async () => {
    collector.down = true;
    await signed('a');
    start();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(delivery?.connected).toBe(false);
    collector.down = false;
    await drained();
  });

  it('dials anew without waiting when told to, and announces what is new', async () => {
    let scanIntervalMs = 1000;
    start({
      announce: () => ({ heartbeatIntervalMs: 20, scanIntervalMs, releaseVersion: 3 }),
      backoff: { firstMs: 60_000, mostMs: 60_000 },
    } as Partial<DeliveryDeps>);
    await waitUntil('connected', () => delivery?.connected);
    scanIntervalMs = 2000;
    delivery?.reconnect();
    await waitUntil('a second hello', () => collector.hellos.length === 2);
    expect(collector.hellos[1]).toMatchObject({ scanIntervalMs: 2000 });
  });

  it('ends a stream on which the collector speaks out of turn', async () => {
    start();
    await waitUntil('connected', () => delivery?.connected);
    const again = { kind: 'welcome', protocolVersion: 1, serverTime: '', head: null, credit: 1, update: null } as const;
    collector.send(again);
    await waitUntil('a new stream', () => collector.hellos.length === 2);
  });
});

describe('a chain that must not be continued', () => {
  const digest = sha256(Buffer.from('somebody else'));

  it('stops the agent when the collector holds reports it does not know: its disk was set back', async () => {
    await signed('a');
    collector.head = { epoch: 1, sequence: 2, digest };
    start();
    await expect(ended).resolves.toMatchObject({ code: 'chain.lost' });
    expect(collector.received).toEqual([]);
  });

  it('stops the agent when the host was enrolled anew elsewhere', async () => {
    collector.head = { epoch: 2, sequence: 1, digest };
    start();
    await expect(ended).resolves.toMatchObject({ code: 'chain.stale-epoch' });
  });

  it('goes on after a head of an older epoch, and lets the collector judge another digest at its own place', async () => {
    await signed('a', 'b');
    collector.head = { epoch: 1, sequence: 1, digest };
    collector.fate = ({ sequence }) => (sequence === 1 ? 'reject' : 'record');
    start();
    await drained();
    expect(rejections).toEqual(['report 1 report.rejected']);
  });
});

describe('stopping', () => {
  it('lets out what waits if the collector takes it, then says goodbye', async () => {
    start();
    await waitUntil('connected', () => delivery?.connected);
    await signed('a', 'b', 'c');
    await delivery?.stop(2000);
    expect(outbox.waiting()).toEqual([]);
    expect(collector.connected).toBe(false);
    expect(await ended).toBeUndefined();
  });

  it('does not wait longer than it may', async () => {
    collector.fate = () => 'hold';
    start();
    await waitUntil('connected', () => delivery?.connected);
    await signed('a');
    const started = performance.now();
    await delivery?.stop(50);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(outbox.waiting()).toHaveLength(1);
  });

  it('does not wait at all while nobody is there', async () => {
    collector.down = true;
    await signed('a');
    start({ backoff: { firstMs: 60_000, mostMs: 60_000 } } as Partial<DeliveryDeps>);
    const started = performance.now();
    await delivery?.stop(10_000);
    expect(await ended).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('ends with the collector', async () => {
    start();
    await waitUntil('connected', () => delivery?.connected);
    collector.drop(new CodedError('host.revoked', 'gone'));
    await waitUntil('it tries again', () => collector.hellos.length > 1);
  });
});

import { Delivery } from '@sealwatch/agent/delivery/delivery.js';
import { grpcAttestStream } from '@sealwatch/agent/delivery/grpc-attest-stream.js';
import type { FileOutbox } from '@sealwatch/agent/outbox/file-outbox.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { createLogger } from '@sealwatch/shared/runtime/log.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeMeasurement, type MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import { ChainBench } from '../fakes/agent-chain.js';
import { OutboxDirectory } from '../fakes/outbox-directory.js';
import { type Fate, ScriptedCollector } from '../fakes/scripted-collector.js';
import { ScriptedCollectorServer } from '../fakes/scripted-collector-server.js';
import { TestAuthority, type TestIdentity } from '../fakes/test-authority.js';
import { waitUntil } from '../fakes/wait-until.js';

const authority = new TestAuthority();
const host = authority.unrecordedHost('host-a');

let script: ScriptedCollector;
let server: ScriptedCollectorServer;
let directory: OutboxDirectory;
let outbox: FileOutbox;
let bench: ChainBench;
let delivery: Delivery;
let logged: string;
beforeEach(async () => {
  logged = '';
  script = new ScriptedCollector();
  server = new ScriptedCollectorServer(script, authority);
  await server.listen();
  directory = await OutboxDirectory.create();
  outbox = await directory.open();
  bench = new ChainBench(outbox);
});
afterEach(async () => {
  await delivery.stop(0);
  server.kill();
  directory.remove();
});

function start(identity: () => TestIdentity = () => host): void {
  delivery = new Delivery({
    open: grpcAttestStream({
      protos: loadProtos(),
      address: server.address,
      trust: () => ({ root: authority.rootPem, clusterId: authority.clusterId, identity: identity() }),
    }),
    outbox,
    epoch: 1,
    instance: 'ab'.repeat(16),
    announce: () => ({ heartbeatIntervalMs: 50, scanIntervalMs: 1000, releaseVersion: 1 }),
    nextScanInMs: () => 0,
    onChallenge: () => undefined,
    onUpdate: () => Promise.resolve(),
    onRejected: () => undefined,
    onForgotten: () => undefined,
    clock: systemClock,
    log: createLogger({
      program: 'test',
      level: 'info',
      destination: { write: (line: string) => (logged += line) },
    }),
    backoff: { firstMs: 10, mostMs: 50 },
  });
  void delivery.run();
}

const drained = (): Promise<boolean> =>
  waitUntil('everything is delivered', () => outbox.waiting().length === 0, { explain: () => logged });

async function signed(...contents: string[]): Promise<void> {
  for (const content of contents) await bench.scan(content);
}

describe('over gRPC and mutual TLS', () => {
  it('reports, seals and heartbeats arrive, and what is acknowledged leaves the disk', async () => {
    await signed('a', 'a', 'b');
    start();
    await drained();
    expect(script.received.map(({ of, sequence }) => `${of} ${String(sequence)}`)).toEqual([
      'report 1',
      'seal 1',
      'report 2',
    ]);
    await waitUntil('a heartbeat', () => script.heartbeats.length > 1);
    expect((await directory.open()).waiting()).toEqual([]);
  });

  it.each<Fate>(['lose', 'forget'])('no stream that breaks loses or doubles anything (%s)', async (fate) => {
    await signed('a', 'a', 'b', 'c', 'c', 'd');
    let count = 0;
    // every second statement breaks the stream
    script.fate = () => (++count % 2 === 0 ? fate : 'record');
    start();
    await drained();
    expect(script.reports.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(script.hellos.length).toBeGreaterThan(2);
  });

  it('a collector that is killed and comes back gets the rest', async () => {
    start();
    await waitUntil('connected', () => delivery.connected, { explain: () => logged });
    await signed('a');
    await drained();
    server.kill();
    await signed('b', 'c');
    await waitUntil('it is noticed', () => !delivery.connected);
    await server.listen();
    await drained();
    expect(script.reports.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it('a state too large for one message arrives all the same: what is left out is asked for', async () => {
    const subjects = Array.from({ length: 1900 }, (_, i) => {
      const path = `/opt/${'x'.repeat(150)}/${String(i)}`;
      return { id: `file:kubelet:${path}`, body: large(path) };
    });
    await bench.scan('', { subjects });
    const total = subjects.reduce((sum, { body }) => sum + body.bytes.length, 0);
    expect(total).toBeGreaterThan(1024 * 1024);
    start();
    await drained();
    expect(script.bodies.size).toBe(1900);
    expect(script.reports[0]?.subjects).toHaveLength(1900);
    expect(script.hellos).toHaveLength(1);
  }, 60_000);

  it('the certificate of the moment is shown at every dial', async () => {
    let shown = 0;
    start(() => {
      shown += 1;
      return authority.unrecordedHost('host-a');
    });
    await waitUntil('connected', () => delivery.connected, { explain: () => logged });
    delivery.reconnect();
    await waitUntil('connected anew', () => script.hellos.length === 2, { explain: () => logged });
    expect(shown).toBe(2);
  });

  it('the reason a collector gives for ending the stream is in the log', async () => {
    start();
    await waitUntil('connected', () => delivery.connected);
    script.drop(new CodedError('host.revoked', 'host-a was revoked'));
    await waitUntil('it is logged', () => logged.includes('"code":"host.revoked"'));
    expect(logged).toContain('host-a was revoked');
  });
});

describe('nothing is sent to', () => {
  it.each([
    ['a server with a certificate of another kind', () => authority.unrecordedHost('collector')],
    ['a collector under another root', () => new TestAuthority({ clusterId: authority.clusterId }).collector()],
    ['an expired collector', () => authority.collector({ notAfter: Date.now() - 60_000 })],
  ])('%s', async (_, identity) => {
    server.kill();
    server = new ScriptedCollectorServer(script, authority, identity());
    await server.listen();
    await signed('a');
    start();
    await waitUntil('it was refused', () => logged.includes('Connection failed'));
    expect(script.hellos).toEqual([]);
    expect(outbox.waiting()).toHaveLength(1);
  });
});

function large(path: string): MeasurementBody {
  return encodeMeasurement({
    subject: { kind: 'file', component: 'kubelet', path },
    observed: { state: 'unreadable', reason: Buffer.from(path.repeat(2)).toString('base64') },
  });
}

import { realpathSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type Server, type TlsOptions } from 'node:tls';
import { createHashOnce } from '@sealwatch/agent/measure/service/hash-memory.js';
import { ServiceSurvey } from '@sealwatch/agent/measure/service/service-survey.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { ServiceMeasurement } from '@sealwatch/shared/measurement/service-measurement.js';
import type { ServicePolicy } from '@sealwatch/shared/trust/policy.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { service } from '../fakes/appraisal-world.js';
import { HostTree } from '../fakes/host-tree.js';
import { OpensslServer } from '../fakes/openssl-server.js';
import { TestClock } from '../fakes/test-clock.js';
import { TlsIdentities } from '../fakes/tls-identities.js';

const CA = '/etc/kubernetes/pki/ca.crt';
const MINUTE = 60_000;
const TWO_VERSIONS = 'TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES256-GCM-SHA384';

let identities: TlsIdentities;
let tree: HostTree;
let clock: TestClock;
let survey: ServiceSurvey;
let closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  identities = await TlsIdentities.create(['rsa2048', 'p256']);
});
beforeEach(() => {
  tree = new HostTree();
  tree.write(CA, readFileSync(identities.certificate('ca')));
  clock = new TestClock(new Date().toISOString());
  survey = new ServiceSurvey({ clock });
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
  tree.remove();
});
afterAll(() => {
  identities.dispose();
});

/** A server of this very process, which can be given other settings while it listens. */
async function node(
  options: TlsOptions = {},
  port = 0,
): Promise<{ server: Server; port: number; close: () => Promise<void> }> {
  const server = createServer({ ...identities.pem('rsa2048'), maxVersion: 'TLSv1.2', ...options });
  server
    .on('tlsClientError', () => undefined)
    .on('connection', (socket: Socket) => socket.on('error', () => undefined));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  closing.push(close);
  return { server, port: (server.address() as AddressInfo).port, close };
}

function at(port: number, changes: Partial<ServicePolicy> = {}): ServicePolicy {
  return service({
    name: 'kube-apiserver',
    address: `127.0.0.1:${String(port)}`,
    ca: CA,
    serverName: 'localhost',
    ...changes,
  });
}

interface Seen {
  readonly connections: number;
  readonly measurements: readonly ServiceMeasurement[];
  readonly only: ServiceMeasurement['observed'];
}

async function look(services: readonly ServicePolicy[], fresh = false): Promise<Seen> {
  const seen = await survey.measure({
    services,
    hostRoot: tree.root,
    fresh,
    hashOnce: createHashOnce(),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    signal: new AbortController().signal,
  });
  const only = seen.measurements[0]?.observed;
  if (only === undefined) throw new Error('no measurement');
  return { ...seen, only };
}

const stillSame = (): Promise<string[]> => survey.changed(new AbortController().signal);

describe('a service on this host', () => {
  it('is seen with what it accepts, its certificate, its authority and its program', async () => {
    const { port } = await node({ ciphers: 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256' });
    const { only } = await look([at(port)]);
    expect(only.tls).toMatchObject({
      state: 'served',
      versions: [
        {
          version: 'TLS 1.2',
          suites: ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
        },
      ],
      certificates: [{ matchesName: true, trust: { state: 'trusted' }, keyType: 'rsa', keyBits: 2048 }],
    });
    expect(only.authority.state).toBe('used');
    const executable = realpathSync(process.execPath);
    expect(only.listener).toEqual({
      state: 'found',
      programs: [{ executable, digest: sha256(readFileSync(executable)), deleted: false }],
      unseen: expect.toSatisfy((unseen) => unseen === null || typeof unseen === 'string') as unknown,
    });
  });

  it('gives the same bytes each time it is asked in full', async () => {
    const { port } = await node();
    const digests = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const { measurements } = await look([at(port)], true);
      for (const measurement of measurements) digests.add(encodeMeasurement(measurement).digest);
    }
    expect(digests.size).toBe(1);
  });

  it('is measured in the order of names, whatever the order of the policy', async () => {
    const { port } = await node();
    const services = ['kubelet', 'etcd', 'kube-apiserver'].map((name) => at(port, { name }));
    const { measurements } = await look(services);
    expect(measurements.map(({ subject }) => subject.name)).toEqual(['etcd', 'kube-apiserver', 'kubelet']);
  });

  it('that leads to another authority is untrusted, and one whose authority is gone says so', async () => {
    const { port } = await node();
    tree.write('/etc/other.crt', readFileSync(identities.certificate('p256')));
    const other = await look([at(port, { ca: '/etc/other.crt' })]);
    expect(other.only.tls).toMatchObject({ certificates: [{ trust: { state: 'untrusted' } }] });
    const { only } = await look([at(port, { ca: '/etc/gone.crt' })]);
    expect(only.authority).toEqual({ state: 'absent' });
    tree.write('/etc/text.crt', 'no certificate');
    expect((await look([at(port, { ca: '/etc/text.crt' })])).only.authority.state).toBe('unreadable');
  });

  it('that is being restarted is waited for', async () => {
    const { port, close } = await node();
    await look([at(port)]);
    await close();
    const restarted = sleep(2000).then(() => node({}, port));
    const { only } = await look([at(port)]);
    await restarted;
    expect(only).toMatchObject({ tls: { state: 'served' }, listener: { state: 'found' } });
  });

  it('on a closed port is unreachable and nobody’s', async () => {
    const { port, close } = await node();
    await close();
    const { only } = await look([at(port)]);
    expect(only).toMatchObject({ tls: { state: 'unreachable' }, listener: { state: 'none' } });
  });
});

describe('politeness', () => {
  it('opens no connection within a minute of the full probe', async () => {
    const { port } = await node();
    const first = await look([at(port)]);
    expect(first.connections).toBeGreaterThan(5);
    expect((await look([at(port)])).connections).toBe(0);
    expect(await stillSame()).toEqual([]);
  });

  it('opens one a minute while the answer is the same, and says the same', async () => {
    const { port } = await node();
    const first = await look([at(port)]);
    for (let i = 0; i < 5; i++) {
      clock.advance(MINUTE);
      const again = await look([at(port)]);
      expect(again.connections).toBe(1);
      expect(again.measurements).toEqual(first.measurements);
    }
  });

  it('asks in full again after an hour', async () => {
    const { port } = await node();
    const { connections } = await look([at(port)]);
    clock.advance(60 * MINUTE);
    expect((await look([at(port)])).connections).toBe(connections);
  });

  it('asks in full whenever somebody wants to know now', async () => {
    const { port } = await node();
    const { connections } = await look([at(port)], true);
    expect((await look([at(port)], true)).connections).toBe(connections);
  });

  it('forgets a service that the policy names no more', async () => {
    const { port, close } = await node();
    await look([at(port)]);
    await survey.measure({
      services: [],
      hostRoot: tree.root,
      fresh: false,
      hashOnce: createHashOnce(),
      pause: () => Promise.resolve(),
      signal: new AbortController().signal,
    });
    await close();
    clock.advance(MINUTE);
    expect(await stillSame()).toEqual([]);
  });
});

describe('a change is seen before the hour is over', () => {
  it('of the choice: the watch names the service, the next look asks in full', async () => {
    const { port, server } = await node({ ciphers: 'ECDHE-RSA-AES256-GCM-SHA384' });
    await look([at(port)]);
    server.setSecureContext({ ...identities.pem('rsa2048'), maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' });
    clock.advance(MINUTE);
    expect(await stillSame()).toEqual(['kube-apiserver']);
    const { only } = await look([at(port)]);
    expect(only.tls).toMatchObject({ versions: [{ suites: ['TLS_RSA_WITH_AES_128_CBC_SHA'] }] });
    clock.advance(MINUTE);
    expect(await stillSame()).toEqual([]);
  });

  it('in TLS 1.3 alone, of a service of TLS 1.2 too: within two minutes, by one hello a minute', async () => {
    const { port, server } = await node({ ciphers: TWO_VERSIONS, maxVersion: 'TLSv1.3' });
    const first = await look([at(port)]);
    for (let i = 0; i < 4; i++) {
      clock.advance(MINUTE);
      const again = await look([at(port)]);
      expect(again).toEqual({ ...first, connections: 1 });
    }
    const ciphers = TWO_VERSIONS.replace('TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256');
    server.setSecureContext({ ...identities.pem('rsa2048'), ciphers, maxVersion: 'TLSv1.3' });
    clock.advance(MINUTE);
    const within = [await stillSame()];
    clock.advance(MINUTE);
    within.push(await stillSame());
    expect(within).toContainEqual(['kube-apiserver']);
  });

  it('of the certificate, though the suites are the same', async () => {
    const { port, server } = await node({ ...identities.pem('p256'), ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' });
    await look([at(port)]);
    const renewed = await TlsIdentities.create(['p256']);
    closing.push(async () => {
      renewed.dispose();
      await Promise.resolve();
    });
    server.setSecureContext({
      ...renewed.pem('p256'),
      maxVersion: 'TLSv1.2',
      ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384',
    });
    clock.advance(MINUTE);
    const { only } = await look([at(port)]);
    expect(only.tls).toMatchObject({ certificates: [{ trust: { state: 'untrusted' } }] });
  });

  it('of a service that is gone', async () => {
    const { port, close } = await node();
    await look([at(port)]);
    await close();
    clock.advance(MINUTE);
    expect(await stillSame()).toEqual(['kube-apiserver']);
    expect((await look([at(port)])).only.tls.state).toBe('unreachable');
  });

  it('of the process, at once and without a greeting: another program took the port', async () => {
    const { port, close } = await node();
    await look([at(port)]);
    await close();
    const args = ['-cert', identities.certificate('rsa2048'), '-key', identities.key('rsa2048'), '-tls1_2'];
    const openssl = await OpensslServer.startAt(port, ...args);
    closing.push(() => openssl.stop());
    const { only } = await look([at(port)]);
    expect(only.listener).toMatchObject({ programs: [{ executable: expect.stringMatching(/openssl$/) as string }] });
  });

  it('of the authority file', async () => {
    const { port } = await node();
    await look([at(port)]);
    writeFileSync(tree.at(CA), readFileSync(identities.certificate('p256')));
    expect((await look([at(port)])).only.tls).toMatchObject({ certificates: [{ trust: { state: 'untrusted' } }] });
  });
});

describe('a survey that is stopped', () => {
  it('ends with an error, so that nothing half seen is signed', async () => {
    const { port } = await node();
    const stop = new AbortController();
    stop.abort();
    const measuring = survey.measure({
      services: [at(port)],
      hostRoot: tree.root,
      fresh: true,
      hashOnce: createHashOnce(),
      pause: () => Promise.resolve(),
      signal: stop.signal,
    });
    await expect(measuring).rejects.toMatchObject({ code: 'request.cancelled' });
  });
});

import { readFileSync } from 'node:fs';
import { createHashOnce } from '@sealwatch/agent/measure/service/hash-memory.js';
import { findListeners, type FoundListener } from '@sealwatch/agent/measure/service/find-listeners.js';
import { type ListenerFacts, readListenerFacts } from '@sealwatch/agent/measure/service/read-listener-facts.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asNobody } from '../fakes/as-nobody.js';
import { EtcdServer } from '../fakes/etcd-server.js';
import { ListeningProgram } from '../fakes/listening-program.js';
import { TlsIdentities } from '../fakes/tls-identities.js';

/** HTTP/2 wants the second (RFC 7540 §9.2.2). */
const SUITES = ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'];
const OTHER_USER = 65534;

let identities: TlsIdentities;
let etcd: EtcdServer;
let other: ListeningProgram;
beforeAll(async () => {
  identities = await TlsIdentities.create(['rsa2048']);
  const certificate = identities.certificate('rsa2048');
  const files = { certificate, key: identities.key('rsa2048'), authority: identities.certificate('ca') };
  etcd = await EtcdServer.start(files, { cipherSuites: SUITES });
  other = await ListeningProgram.start({ uid: OTHER_USER });
});
afterAll(async () => {
  await other.stop();
  await etcd.stop();
  identities.dispose();
});

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const find = (port: number): Promise<FoundListener[]> =>
  findListeners([`127.0.0.1:${String(port)}`], { procPath: '/proc', pause });

const read = (...ports: number[]): Promise<ListenerFacts[]> =>
  readListenerFacts({
    services: ports.map((port) => ({ address: `127.0.0.1:${String(port)}`, component: 'etcd' })),
    hostRoot: '/',
    procPath: '/proc',
    hashOnce: createHashOnce(),
    pause,
  });

describe('with the whole machine in sight', () => {
  it('etcd is found at both of its ports, with its program and its suites', async () => {
    const [client, peer] = await read(etcd.clientPort, etcd.peerPort);
    const executable = '/usr/bin/etcd';
    const programs = [{ executable, digest: sha256(readFileSync(executable)), deleted: false }];
    // a supervisor outside of ours may keep its open files to itself, so that `unseen` depends on the machine
    expect(client?.listener).toMatchObject({ state: 'found', programs });
    expect(client?.configured).toEqual([
      { source: 'process', settings: { state: 'read', suites: SUITES, minVersion: null, maxVersion: null } },
    ]);
    expect(peer).toEqual(client);
  });

  it("another user's process is found like any other", async () => {
    const startTime = expect.any(String) as string;
    expect(await find(other.port)).toMatchObject([{ state: 'found', processes: [{ pid: other.pid, startTime }] }]);
    const [facts] = await read(other.port);
    expect(facts?.listener).toMatchObject({ state: 'found', programs: [{ executable: process.execPath }] });
  });

  it('the program on a foreign port is not the one that should be there', async () => {
    const [facts] = await read(other.port);
    const programs = facts?.listener.state === 'found' ? facts.listener.programs : [];
    expect(programs.map(({ digest }) => digest)).not.toContain(sha256(readFileSync('/usr/bin/etcd')));
  });
});

describe('without the right to look at others', () => {
  it('whose their socket is stays unknown', async () => {
    expect(await asNobody(() => find(etcd.clientPort))).toEqual([
      { state: 'unreadable', reason: 'the open files of some processes: permission denied (EACCES)' },
    ]);
  });
});

import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, unlinkSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHashOnce } from '@sealwatch/agent/measure/service/hash-memory.js';
import { processStartedWith } from '@sealwatch/agent/measure/service/process-started-with.js';
import { type ListenerFacts, readListenerFacts } from '@sealwatch/agent/measure/service/read-listener-facts.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { MAX_BODY_BYTES } from '@sealwatch/shared/measurement/measurement-body.js';
import { serviceMeasurementSchema } from '@sealwatch/shared/measurement/service-measurement.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../fakes/host-tree.js';
import { ListeningProgram } from '../fakes/listening-program.js';
import { OpensslServer } from '../fakes/openssl-server.js';
import { ProcessView } from '../fakes/process-view.js';
import { TlsIdentities } from '../fakes/tls-identities.js';

const closing: (() => unknown)[] = [];
let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  tree.remove();
});

const GCM = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';
const NODE = sha256(readFileSync(process.execPath));
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function start(options: Parameters<typeof ListeningProgram.start>[0]): Promise<ListeningProgram> {
  const program = await ListeningProgram.start(options);
  closing.push(() => program.stop());
  return program;
}

/** As seen with the right to look at these processes, this one among them. */
async function read(
  component: string,
  port: number,
  pids: readonly number[],
  digests = new Map<string, Digest>(),
): Promise<ListenerFacts> {
  const view = new ProcessView(pids);
  try {
    const [facts] = await readListenerFacts({
      services: [{ address: `127.0.0.1:${String(port)}`, component }],
      hostRoot: tree.root,
      procPath: view.path,
      netPath: '/proc/self/net',
      hashOnce: createHashOnce(digests),
      pause,
    });
    if (facts === undefined) throw new Error('no facts');
    // whatever was seen can be sent
    const { listener, configured } = facts;
    const issues = serviceMeasurementSchema.safeParse({ observed: { listener, configured } }).error?.issues ?? [];
    expect(issues.filter(({ path }) => path[1] === 'listener' || path[1] === 'configured')).toEqual([]);
    return facts;
  } finally {
    view.remove();
  }
}

const node = { executable: process.execPath, digest: NODE, deleted: false };

describe('the program at the address', () => {
  it('is the executable of the process that listens, with the digest of what runs', async () => {
    const program = await start({ argv0: '/usr/local/bin/kube-apiserver' });
    const facts = await read('kube-apiserver', program.port, [program.pid]);
    expect(facts.listener).toEqual({ state: 'found', programs: [node], unseen: null });
    expect(facts.processes).toEqual([{ pid: program.pid, startTime: expect.any(String) as string }]);
  });

  it('is the one that runs, not the one that was put in its place', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sealwatch-program-'));
    closing.push(() => {
      rmSync(directory, { recursive: true });
    });
    const executable = join(directory, 'etcd');
    copyFileSync(process.execPath, executable);
    const program = await start({ executable });
    const running = { executable, digest: NODE, deleted: false };
    expect((await read('etcd', program.port, [program.pid])).listener).toEqual({
      state: 'found',
      programs: [running],
      unseen: null,
    });
    unlinkSync(executable);
    copyFileSync('/bin/true', executable);
    chmodSync(executable, 0o755);
    expect((await read('etcd', program.port, [program.pid])).listener).toEqual({
      state: 'found',
      programs: [{ ...running, deleted: true }],
      unseen: null,
    });
  });

  it('is openssl, where openssl listens', async () => {
    const identities = await TlsIdentities.create(['p256']);
    closing.push(() => {
      identities.dispose();
    });
    const files = ['-cert', identities.certificate('p256'), '-key', identities.key('p256')];
    const server = await OpensslServer.start(...files);
    closing.push(() => server.stop());
    const facts = await read('etcd', server.port, [server.pid]);
    expect(facts.listener).toMatchObject({
      state: 'found',
      programs: [{ executable: expect.stringMatching(/\/openssl$/) as string, deleted: false }],
    });
    expect(facts.configured).toEqual([
      { source: 'process', settings: { state: 'read', suites: null, minVersion: null, maxVersion: null } },
    ]);
  });

  it('is each that holds the socket, once', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
    const heirs = [0, 1].map(() => spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', fd] }));
    for (const heir of heirs) closing.push(() => heir.kill('SIGKILL'));
    await Promise.all(heirs.map((heir) => once(heir, 'spawn')));
    const pids = [process.pid, ...heirs.map(({ pid }) => pid ?? 0)];
    const { port } = server.address() as { port: number };
    const { listener, configured, processes } = await read('etcd', port, pids);
    expect(processes).toHaveLength(3);
    expect(listener).toMatchObject({ state: 'found' });
    const programs = listener.state === 'found' ? listener.programs : [];
    expect(programs.map(({ executable }) => executable).sort()).toEqual(
      [process.execPath, expect.stringMatching(/\/(sleep|coreutils)$/) as string].sort(),
    );
    expect(configured).toHaveLength(1);
  });

  it('is too many where a crowd of different ones holds the socket', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
    const pids: number[] = [];
    for (let i = 0; i < 5; i++) {
      copyFileSync('/bin/sleep', tree.at(`/sleep${String(i)}`));
      const heir = spawn(tree.at(`/sleep${String(i)}`), ['60'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
      closing.push(() => heir.kill('SIGKILL'));
      await once(heir, 'spawn');
      pids.push(heir.pid ?? 0);
    }
    const { port } = server.address() as { port: number };
    expect((await read('etcd', port, pids)).listener).toEqual({
      state: 'unreadable',
      reason: 'more than 4 programs hold the socket',
    });
  });

  it('is read once in a cycle for all the ports it listens on', async () => {
    const digests = new Map<string, Digest>();
    const [one, two] = [await start({}), await start({})];
    await read('etcd', one.port, [one.pid], digests);
    expect([...digests.values()]).toEqual([NODE]);
    // a memory is believed, whatever it says
    for (const key of digests.keys()) digests.set(key, sha256(Buffer.from('known')));
    expect((await read('etcd', two.port, [two.pid], digests)).listener).toMatchObject({
      programs: [{ digest: sha256(Buffer.from('known')) }],
    });
  });

  it('is nobody, with nothing configured, where nobody listens', async () => {
    const program = await ListeningProgram.start();
    await program.stop();
    expect(await read('etcd', program.port, [process.pid])).toEqual({
      listener: { state: 'none' },
      configured: [],
      processes: [],
    });
  });

  it('may have company where somebody may not be looked at', async () => {
    const program = await start({});
    const view = new ProcessView([program.pid]);
    closing.push(() => {
      view.remove();
    });
    // a process whose open files are closed to us
    view.hide(999_999_999);
    const [facts] = await readListenerFacts({
      services: [{ address: `127.0.0.1:${String(program.port)}`, component: 'etcd' }],
      hostRoot: tree.root,
      procPath: view.path,
      netPath: '/proc/self/net',
      hashOnce: createHashOnce(),
      pause,
    });
    expect(facts?.listener).toEqual({
      state: 'found',
      programs: [node],
      unseen: 'the open files of some processes: cannot be read (ENOTDIR)',
    });
    expect(facts?.processes).toHaveLength(1);
  });
});

describe('what the process was told to accept', () => {
  it('are its flags', async () => {
    const flags = [`--tls-cipher-suites=${GCM}`, '--tls-min-version', 'VersionTLS12', '--secure-port=6443'];
    const program = await start({ argv0: 'kube-apiserver', flags });
    expect((await read('kube-apiserver', program.port, [program.pid])).configured).toEqual([
      { source: 'process', settings: { state: 'read', suites: [GCM], minVersion: 'TLS 1.2', maxVersion: null } },
    ]);
  });

  it("are etcd's flags and variables", async () => {
    const environment = { ETCD_CIPHER_SUITES: GCM, ETCD_TLS_MIN_VERSION: 'TLS1.2', SECRET: 'x' };
    const program = await start({ argv0: 'etcd', flags: ['--tls-min-version=TLS1.3'], environment });
    expect((await read('etcd', program.port, [program.pid])).configured).toEqual([
      { source: 'process', settings: { state: 'read', suites: [GCM], minVersion: 'TLS 1.3', maxVersion: null } },
    ]);
  });

  it('are no other variables: those may be secrets', async () => {
    const program = await start({ environment: { ETCD_CIPHER_SUITES: GCM, SECRET: 'x' } });
    const startedWith = await processStartedWith(`/proc/${String(program.pid)}`, ['ETCD_CIPHER_SUITES', 'LC_ALL']);
    expect(startedWith).toMatchObject({ environment: new Map([['ETCD_CIPHER_SUITES', GCM]]) });
  });

  it("are the kubelet's file and flags", async () => {
    tree.write('/config.yaml', `kind: KubeletConfiguration\ntlsCipherSuites: [${GCM}]\ntlsMinVersion: VersionTLS12\n`);
    const config = tree.at('/config.yaml');
    const program = await start({ argv0: 'kubelet', flags: ['--config', config, '--tls-min-version=VersionTLS13'] });
    const pids = [program.pid];
    expect((await read('kubelet', program.port, pids)).configured).toEqual([
      { source: 'process', settings: { state: 'read', suites: [GCM], minVersion: 'TLS 1.3', maxVersion: null } },
    ]);
    unlinkSync(config);
    expect((await read('kubelet', program.port, pids)).configured).toEqual([
      { source: 'process', settings: { state: 'unreadable', reason: 'its settings file is absent' } },
    ]);
  });

  it('are not guessed from a relative path', async () => {
    const program = await start({ argv0: 'etcd', flags: ['--config-file=etcd.yml'] });
    expect((await read('etcd', program.port, [program.pid])).configured).toEqual([
      { source: 'process', settings: { state: 'unreadable', reason: 'its settings file: its path is relative' } },
    ]);
  });

  it('stands beside what its static pod says', async () => {
    const args = JSON.stringify([`--tls-cipher-suites=${GCM}`]);
    tree.write(
      '/etc/kubernetes/manifests/etcd.yaml',
      `{"kind": "Pod", "spec": {"containers": [{"name": "kube-apiserver", "args": ${args}}]}}`,
    );
    const program = await start({ argv0: 'kube-apiserver' });
    const nothing = { state: 'read', suites: null, minVersion: null, maxVersion: null };
    expect((await read('kube-apiserver', program.port, [program.pid])).configured).toEqual([
      { source: 'process', settings: nothing },
      { source: '/etc/kubernetes/manifests/etcd.yaml', settings: { ...nothing, suites: [GCM] } },
    ]);
  });
});

describe('the facts of a hostile host', () => {
  it('leave room in a measurement for what the service accepts', async () => {
    const names = Array.from({ length: 64 }, (_, i) => `${String(i).padStart(3)}${'\u001b'.repeat(99)}`);
    const flags = [`--tls-cipher-suites=${names.join(',')}`];
    const manifest = JSON.stringify({ kind: 'Pod', spec: { containers: [{ name: 'kube-apiserver', args: flags }] } });
    for (const last of ['a', 'b', 'c', 'd', 'e']) {
      tree.write(`/etc/kubernetes/manifests/${'\u0001'.repeat(240)}${last}`, manifest);
    }
    const program = await start({ argv0: 'kube-apiserver', flags });
    const { listener, configured } = await read('kube-apiserver', program.port, [program.pid]);
    expect(configured).toHaveLength(5);
    expect(Buffer.byteLength(JSON.stringify({ listener, configured }))).toBeLessThan(MAX_BODY_BYTES * 0.6);
  });
});

describe('the facts of an unchanged host', () => {
  it('are the same bytes each time, whichever process it is', async () => {
    const first = await start({ argv0: 'etcd' });
    const before = await read('etcd', first.port, [first.pid]);
    await first.stop();
    const second = await start({ argv0: 'etcd', port: first.port });
    const after = await read('etcd', second.port, [second.pid]);
    const lasting = ({ listener, configured }: ListenerFacts): string => JSON.stringify([listener, configured]);
    expect(lasting(after)).toBe(lasting(before));
    expect(after.processes).not.toEqual(before.processes);
  });
});

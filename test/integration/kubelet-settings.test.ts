import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { staticPodContainers } from '@sealwatch/agent/measure/pod/static-pod-containers.js';
import { STATIC_POD_DIRECTORY, staticPodPlaces } from '@sealwatch/agent/measure/kubelet/static-pod-places.js';
import { identifyProcess } from '@sealwatch/agent/measure/process/identify-process.js';
import { processTls } from '@sealwatch/agent/measure/service/process-tls.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../fakes/host-tree.js';
import { SmallProcfs } from '../fakes/small-procfs.js';
import { waitUntil } from '../fakes/wait-until.js';

const GCM = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';
const POD = 'kind: Pod\nspec:\n  containers: [{name: etcd, image: etcd:1}]\n';

/** Files of this machine's own root, as the kubelets of these tests have no other. */
let tree: HostTree;
let procfs: SmallProcfs;
let kubelets: { child: ChildProcess; closed: Promise<unknown> }[];
beforeEach(() => {
  tree = new HostTree();
  procfs = new SmallProcfs();
  kubelets = [];
  tree.write('/bin/kubelet', '#!/bin/sh\nread forever\n');
  chmodSync(tree.at('/bin/kubelet'), 0o755);
  tree.write('/etc/config.yaml', `tlsCipherSuites: [${GCM}]\nstaticPodPath: ${tree.at('/pods')}\n`);
});
afterEach(async () => {
  for (const { child, closed } of kubelets) {
    child.kill('SIGKILL');
    await closed;
  }
  procfs.remove();
  tree.remove();
});

/** A real process that is called kubelet, and started as one. */
async function kubelet(...args: string[]): Promise<number> {
  const child = spawn(tree.at('/bin/kubelet'), args, { stdio: ['pipe', 'ignore', 'ignore'] });
  kubelets.push({ child, closed: once(child, 'close') });
  const comm = `/proc/${String(child.pid)}/comm`;
  await waitUntil('it is called kubelet', () => Promise.resolve(readFileSync(comm, 'utf8') === 'kubelet\n'));
  procfs.add(child.pid ?? 0);
  return child.pid ?? 0;
}

const config = (): string => `--config=${tree.at('/etc/config.yaml')}`;
const told = (path: string): object => ({ state: 'told', path });
const doubt = (reason: string): object => ({
  state: 'unreadable',
  reason: `where the kubelet looks for static pods: ${reason}`,
});

describe('static pods are looked for', () => {
  it("in kubeadm's directory while no kubelet runs", async () => {
    expect(await staticPodPlaces(tree.root, procfs.root)).toEqual([told(STATIC_POD_DIRECTORY)]);
  });

  it('where the settings of the running kubelet say', async () => {
    await kubelet(config());
    expect(await staticPodPlaces('/', procfs.root)).toEqual([told(tree.at('/pods'))]);
    tree.write('/pods/etcd.yaml', POD);
    expect(await staticPodContainers('/', procfs.root)).toMatchObject([
      { state: 'read', file: tree.at('/pods/etcd.yaml') },
    ]);
  });

  it('beside the settings file if the path is relative, and in one file if it names one', async () => {
    tree.write('/etc/config.yaml', 'staticPodPath: ../pod.yaml\n').write('/pod.yaml', POD);
    await kubelet(config());
    expect(await staticPodPlaces('/', procfs.root)).toEqual([told(tree.at('/pod.yaml'))]);
    expect(await staticPodContainers('/', procfs.root)).toMatchObject([{ state: 'read', container: { name: 'etcd' } }]);
  });

  it('where its flag says before all else', async () => {
    await kubelet(config(), '--pod-manifest-path', tree.at('/others/'));
    expect(await staticPodPlaces('/', procfs.root)).toEqual([told(`${tree.at('/others')}/`)]);
    tree.write('/others/etcd.yaml', POD);
    expect(await staticPodContainers('/', procfs.root)).toMatchObject([{ state: 'read', container: { name: 'etcd' } }]);
  });

  it('where its drop-ins say, the last by name, and no other file beside them', async () => {
    const over = (path: string): string => `staticPodPath: ${tree.at(path)}\n`;
    tree.write('/etc/d/20-b.conf', over('/b')).write('/etc/d/10-a.conf', over('/a')).write('/etc/d/30.bak', over('/c'));
    await kubelet(config(), `--config-dir=${tree.at('/etc/d')}`);
    expect(await staticPodPlaces('/', procfs.root)).toEqual([told(tree.at('/b'))]);
  });

  it('nowhere if it was told of no place, and in each place if several kubelets run', async () => {
    await kubelet();
    expect(await staticPodPlaces('/', procfs.root)).toEqual([]);
    await kubelet(config());
    await kubelet('--pod-manifest-path=/x');
    await kubelet('--pod-manifest-path=/x');
    expect(await staticPodPlaces('/', procfs.root)).toEqual([told('/x'), told(tree.at('/pods'))].sort(byText));
  });

  it('not where a process says so that sees another root', async () => {
    await kubelet('--pod-manifest-path=/x');
    expect(await staticPodPlaces(tree.root, procfs.root)).toEqual([told(STATIC_POD_DIRECTORY)]);
  });
});

describe('a kubelet that leaves in doubt where it looks', () => {
  it.each<[string, (tree: HostTree) => string[], string]>([
    ['settings are gone', () => ['--config=/no/such/file'], 'its settings file is absent'],
    ['settings are relative', () => ['--config=etc/config.yaml'], 'its settings file: its path is relative'],
    ['drop-ins are gone', () => ['--config-dir=/no/such/directory'], 'its settings file is absent'],
    [
      'drop-ins hold a directory',
      (host) => [`--config-dir=${host.directory('/d/e.conf').at('/d')}`],
      'its settings file: a directory among its drop-ins',
    ],
    [
      'drop-in is no YAML',
      (host) => [`--config-dir=${host.write('/d/e.conf', 'a: [').at('/d')}`],
      'its settings file: no valid YAML document',
    ],
    ['flag has no value', () => ['--pod-manifest-path'], '--pod-manifest-path has no value'],
  ])('is a finding, and kubeadm’s directory is read all the same: its %s', async (_, args, reason) => {
    await kubelet(...args(tree));
    expect(await staticPodPlaces('/', procfs.root)).toEqual([told(STATIC_POD_DIRECTORY), doubt(reason)]);
    expect(await staticPodContainers('/', procfs.root)).toContainEqual({
      ...doubt(reason),
      file: STATIC_POD_DIRECTORY,
      digest: null,
    });
  });

  it.each([
    ['a relative flag', ['--pod-manifest-path=x'], 'its path for static pods is relative'],
    ['an address', ['--manifest-url=http://x'], 'it takes pods from an address as well'],
  ])('is one: %s', async (_, args, reason) => {
    await kubelet(...args);
    expect(await staticPodPlaces('/', procfs.root)).toEqual([doubt(reason)]);
  });

  it.each([
    ['a path that is a number', 'staticPodPath: 1\n', 'its path for static pods is none'],
    ['an address in its settings', 'staticPodURL: http://x\n', 'it takes pods from an address as well'],
  ])('is one: %s', async (_, yaml, reason) => {
    tree.write('/etc/config.yaml', yaml);
    await kubelet(config());
    expect(await staticPodPlaces('/', procfs.root)).toEqual([doubt(reason)]);
  });
});

describe("the kubelet's TLS settings", () => {
  it('are those of its file and of the drop-ins over it', async () => {
    tree.write('/etc/d/10.conf', 'tlsMinVersion: VersionTLS13\n').write('/etc/d/note.txt', 'tlsMinVersion: x\n');
    const pid = await kubelet(config(), `--config-dir=${tree.at('/etc/d')}`);
    const process = identifyProcess('/proc', pid);
    if (process === undefined) throw new Error('no process');
    const settings = { state: 'read', suites: [GCM], minVersion: 'TLS 1.3', maxVersion: null };
    expect(await processTls('kubelet', process, '/proc')).toEqual(settings);
    rmSync(tree.at('/etc/d'), { recursive: true });
    expect(await processTls('kubelet', process, '/proc')).toMatchObject({ state: 'unreadable' });
  });
});

function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

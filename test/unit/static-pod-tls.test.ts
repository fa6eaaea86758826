import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import type { TlsConfiguration } from '@sealwatch/shared/measurement/service-measurement.js';
import { decodePod } from '@sealwatch/agent/measure/pod/decode-pod.js';
import { staticPodContainers } from '@sealwatch/agent/measure/pod/static-pod-containers.js';
import { staticPodTls } from '@sealwatch/agent/measure/service/static-pod-tls.js';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asNobody } from '../fakes/as-nobody.js';
import { HostTree } from '../fakes/host-tree.js';

let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
});
afterEach(() => {
  tree.remove();
});

const DIRECTORY = '/etc/kubernetes/manifests';
const GCM = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';

const read = async (component: string): Promise<TlsConfiguration[]> =>
  staticPodTls(component, await staticPodContainers(tree.root));

/** As kubeadm writes it, shortened. */
const APISERVER = `apiVersion: v1
kind: Pod
metadata:
  annotations:
    kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint: 172.17.0.7:6443
  labels: {component: kube-apiserver, tier: control-plane}
  name: kube-apiserver
  namespace: kube-system
spec:
  containers:
  - command:
    - kube-apiserver
    - --advertise-address=172.17.0.7
    - --tls-cipher-suites=${GCM}
    - --tls-min-version=VersionTLS12
    image: registry.k8s.io/kube-apiserver:v1.30.0
    name: kube-apiserver
    livenessProbe: {httpGet: {host: 172.17.0.7, path: /livez, port: 6443, scheme: HTTPS}}
  hostNetwork: true
  volumes:
  - hostPath: {path: /etc/ssl/certs, type: DirectoryOrCreate}
    name: ca-certs
status: {}
`;

const pod = (container: string): string => `kind: Pod\nspec:\n  containers:\n  - ${container}\n`;
const settings = { state: 'read', suites: [GCM], minVersion: 'TLS 1.2', maxVersion: null };
const unreadable = (reason: string): object => ({ state: 'unreadable', reason });

describe('the static pod of a component', () => {
  it('says what the component will be started with', async () => {
    tree.write(`${DIRECTORY}/kube-apiserver.yaml`, APISERVER).write(`${DIRECTORY}/other.yaml`, pod('name: other'));
    expect(await read('kube-apiserver')).toEqual([{ source: `${DIRECTORY}/kube-apiserver.yaml`, settings }]);
    expect(await read('kube-scheduler')).toEqual([]);
  });

  it('may have its flags in args, and be JSON', async () => {
    const args = [`--tls-cipher-suites=${GCM}`, '--tls-min-version', 'VersionTLS12'];
    const json = JSON.stringify({ kind: 'Pod', spec: { containers: [{ name: 'kube-scheduler', args }] } });
    tree.write(`${DIRECTORY}/scheduler`, json);
    expect(await read('kube-scheduler')).toEqual([{ source: `${DIRECTORY}/scheduler`, settings }]);
  });

  it('may be a copy that was left there: the kubelet starts it too, but no hidden one', async () => {
    tree
      .write(`${DIRECTORY}/kube-apiserver.yaml`, APISERVER)
      .write(`${DIRECTORY}/kube-apiserver.yaml.bak`, APISERVER.replace('TLS12', 'TLS10'))
      .write(`${DIRECTORY}/.kube-apiserver.yaml.swp`, APISERVER);
    expect(await read('kube-apiserver')).toEqual([
      { source: `${DIRECTORY}/kube-apiserver.yaml`, settings },
      { source: `${DIRECTORY}/kube-apiserver.yaml.bak`, settings: { ...settings, minVersion: 'TLS 1.0' } },
    ]);
  });

  it("of etcd has its container's variables", async () => {
    const env = (value: string): string => pod(`{name: etcd, command: [etcd], env: [${value}]}`);
    tree.write(`${DIRECTORY}/etcd.yaml`, env(`{name: ETCD_CIPHER_SUITES, value: ${GCM}}`));
    expect(await read('etcd')).toMatchObject([{ settings: { suites: [GCM] } }]);
    tree.write(`${DIRECTORY}/etcd.yaml`, env('{name: ETCD_CIPHER_SUITES, valueFrom: {configMapKeyRef: {}}}'));
    expect(await read('etcd')).toMatchObject([{ settings: unreadable('ETCD_CIPHER_SUITES stands somewhere else') }]);
    tree.write(`${DIRECTORY}/etcd.yaml`, pod('{name: etcd, envFrom: [{configMapRef: {name: x}}]}'));
    expect(await read('etcd')).toMatchObject([{ settings: unreadable('variables that stand somewhere else') }]);
  });

  it('of etcd with a settings file in the container is unreadable', async () => {
    tree.write(`${DIRECTORY}/etcd.yaml`, pod('{name: etcd, command: [etcd, --config-file=/etc/etcd.yml]}'));
    expect(await read('etcd')).toMatchObject([{ settings: unreadable('its settings file: inside the container') }]);
  });

  it('is found through links that stay on the host', async () => {
    tree.write('/var/manifests/kube-apiserver.yaml', APISERVER).link(DIRECTORY, '/var/manifests');
    expect(await read('kube-apiserver')).toMatchObject([{ settings }]);
  });
});

describe('a directory of static pods', () => {
  it('that is not there holds none', async () => {
    expect(await read('kube-apiserver')).toEqual([]);
    tree.directory(DIRECTORY);
    expect(await read('kube-apiserver')).toEqual([]);
  });

  it('may hold directories: the kubelet does not look into them', async () => {
    tree.write(`${DIRECTORY}/old/kube-apiserver.yaml`, APISERVER);
    expect(await read('kube-apiserver')).toEqual([]);
  });

  it('may be one file', async () => {
    tree.write(DIRECTORY, APISERVER);
    expect(await read('kube-apiserver')).toEqual([{ source: DIRECTORY, settings }]);
    tree.write(DIRECTORY, 'a file');
    expect(await read('etcd')).toEqual([{ source: DIRECTORY, settings: unreadable('no pod') }]);
  });

  it('with more files than any host has is unreadable', async () => {
    for (let i = 0; i < 65; i++) tree.write(`${DIRECTORY}/${String(i)}.yaml`, APISERVER);
    expect(await read('kube-apiserver')).toEqual([{ source: DIRECTORY, settings: unreadable('more than 64 files') }]);
  });

  it('that may not be read is unreadable', async () => {
    tree.write(`${DIRECTORY}/kube-apiserver.yaml`, APISERVER);
    chmodSync(tree.root, 0o755);
    chmodSync(tree.at(DIRECTORY), 0o600);
    const denied = unreadable('permission denied (EACCES)');
    expect(await asNobody(() => read('kube-apiserver'))).toMatchObject([{ settings: denied }]);
    chmodSync(tree.at(DIRECTORY), 0o700);
  });

  it('with a hundred containers of the name says so in a few entries', async () => {
    const containers = Array<string>(40).fill('  - name: etcd').join('\n');
    tree
      .write(`${DIRECTORY}/a.yaml`, `kind: Pod\nspec:\n  containers:\n${containers}\n`)
      .write(`${DIRECTORY}/b.yaml`, `kind: Pod\nspec:\n  containers:\n${containers}\n`);
    const found = await read('etcd');
    expect(found).toHaveLength(4);
    expect(found[3]?.settings).toEqual(unreadable('this file and more are too many to look at'));
  });
});

describe('a file that may hold the component, for all that can be told, is unreadable for each:', () => {
  it.each([
    ['no YAML', 'kind: [', 'no valid YAML document'],
    ['no pod', 'kind: ConfigMap', 'no pod'],
    ['no containers', 'kind: Pod\nspec: {}', 'no pod'],
    ['an empty file', '', 'no pod'],
    ['a container that is text', pod('etcd'), 'a pod with a malformed container'],
    ['a command that is text', pod('{name: etcd, command: etcd --x}'), 'a pod with a malformed container'],
    ['an argument that is a number', pod('{name: etcd, args: [1]}'), 'a pod with a malformed container'],
    ['a megabyte', 'x'.repeat(1 << 20), 'larger than 262144 bytes'],
  ])('%s', async (_, content, reason) => {
    tree.write(`${DIRECTORY}/x.yaml`, content);
    const expected = [{ source: `${DIRECTORY}/x.yaml`, settings: unreadable(reason) }];
    expect(await read('kube-apiserver')).toEqual(expected);
    expect(await read('etcd')).toEqual(expected);
  });

  it('a pipe, which is never opened', async () => {
    tree.directory(DIRECTORY);
    execFileSync('mkfifo', [tree.at(`${DIRECTORY}/pipe`)]);
    expect(await read('etcd')).toMatchObject([{ settings: unreadable('not a regular file (fifo)') }]);
  });

  it('a name that is no text', async () => {
    tree.directory(DIRECTORY);
    const name = Buffer.from([0x61, 0xff, 0x1b]);
    writeFileSync(Buffer.concat([Buffer.from(`${tree.at(DIRECTORY)}/`), name]), 'x');
    expect(await read('etcd')).toMatchObject([{ source: `${DIRECTORY}/a\\xff\x1b`, settings: unreadable('no pod') }]);
  });
});

describe('any bytes as a pod', () => {
  it('never throw', () => {
    const at = fc.nat(APISERVER.length);
    const edited = fc.tuple(at, at, fc.string({ maxLength: 5 })).map(([from, to, text]) => {
      return APISERVER.slice(0, from) + text + APISERVER.slice(to);
    });
    fc.assert(
      fc.property(edited, (text) => {
        const decoded = decodePod(Buffer.from(text), 10_000);
        expect(['read', 'unreadable']).toContain(decoded.state);
      }),
    );
  });
});

import { podSettings, specSettings } from '@sealwatch/agent/measure/image/container-settings.js';
import { stableMountSource } from '@sealwatch/agent/measure/image/mount-source.js';
import { decodePod } from '@sealwatch/agent/measure/pod/decode-pod.js';
import { type ContainerSpec, readContainerSpec } from '@sealwatch/shared/containerd/container-spec.js';
import type { ContainerSettings } from '@sealwatch/shared/measurement/image-measurement.js';
import { describe, expect, it } from 'vitest';

function spec(process: object, mounts: readonly object[] = []): ContainerSpec {
  return readContainerSpec(Buffer.from(JSON.stringify({ process, mounts })));
}

function read(settings: ReturnType<typeof specSettings>): ContainerSettings {
  if (settings.state === 'unreadable') throw new Error(settings.reason);
  return settings;
}

describe('the settings of a container', () => {
  it('are its arguments, its mounts, and of its variables those that bend cryptography or load code', () => {
    const env = ['PATH=/bin', 'PASSWORD=x', 'LD_PRELOAD=/evil.so', 'GODEBUG=fips140=off', 'GODEBUG=', 'OPENSSL_CONF'];
    const settings = specSettings(
      spec({ args: ['etcd', '--x'], env }, [{ destination: '/data', type: 'bind', source: '/var/lib/etcd' }]),
    );
    expect(settings).toEqual({
      state: 'read',
      arguments: ['etcd', '--x'],
      variables: ['GODEBUG=', 'GODEBUG=fips140=off', 'LD_PRELOAD=/evil.so', 'OPENSSL_CONF='],
      mounts: [{ destination: '/data', source: '/var/lib/etcd', type: 'bind' }],
    });
  });

  it.each([
    ['/usr//bin/', '/usr/bin'],
    ['/usr/./local/../bin', '/usr/bin'],
    ['usr/bin', '/usr/bin'],
    ['/../../usr', '/usr'],
    ['/', '/'],
    ['', '/'],
  ])('say of a mount at %j that it goes to %s', (destination, normal) => {
    const { mounts } = read(specSettings(spec({}, [{ destination }])));
    expect(mounts.map((mount) => mount.destination)).toEqual([normal]);
  });

  it('are in one order, whatever order the mounts came in', () => {
    const mounts = ['/b', '/a', '/c'].map((destination) => ({ destination, source: 's', type: 't' }));
    expect(specSettings(spec({}, mounts))).toEqual(specSettings(spec({}, [...mounts].reverse())));
  });

  it('are cut with a mark where they have no end, and unreadable where that could hide something', () => {
    const long = read(
      specSettings(spec({ args: Array(400).fill('x'.repeat(5000)), env: [`LD_A=${'y'.repeat(5000)}`] })),
    );
    expect(long.arguments).toHaveLength(300);
    expect(long.arguments[299]).toBe('…');
    for (const text of [...long.arguments.slice(0, 299), ...long.variables]) {
      expect(text.endsWith('…') && Buffer.byteLength(text) <= 1000).toBe(true);
    }
    const mounts = Array.from({ length: 201 }, (_, i) => ({ destination: `/${String(i)}` }));
    expect(specSettings(spec({}, mounts))).toMatchObject({ state: 'unreadable' });
    expect(specSettings(readContainerSpec(Buffer.from('nonsense')))).toMatchObject({ state: 'unreadable' });
  });
});

describe('where a mount comes from', () => {
  const pods = '/var/lib/kubelet/pods';
  it.each([
    [`${pods}/4ff6b1a3d0e5c1a2b3c4d5e6f7a8b9c0/etc-hosts`, `${pods}/*/etc-hosts`],
    [
      `${pods}/0a1b2c3d-1111-2222-3333-444455556666/containers/kube-apiserver/9f8e7d6c`,
      `${pods}/*/containers/kube-apiserver/*`,
    ],
    [
      `${pods}/0a1b2c3d-1111-2222-3333-444455556666/volumes/kubernetes.io~projected/kube-api-access-8v2xq`,
      `${pods}/*/volumes/kubernetes.io~projected/kube-api-access-*`,
    ],
    [`/run/containerd/io.containerd.grpc.v1.cri/sandboxes/${'ab'.repeat(32)}/shm`, undefined],
    ['/etc/kubernetes/pki', '/etc/kubernetes/pki'],
    ['/srv/containers/deadbeef', '/srv/containers/deadbeef'],
    ['tmpfs', 'tmpfs'],
  ])('is the same after a restart: %s', (source, stable) => {
    const expected = stable ?? '/run/containerd/io.containerd.grpc.v1.cri/sandboxes/*/shm';
    expect(stableMountSource(source)).toBe(expected);
    expect(stableMountSource(expected)).toBe(expected);
  });
});

describe('the settings of a static pod', () => {
  const settingsOf = (container: string, volumes = ''): ReturnType<typeof podSettings> | undefined => {
    const text = `kind: Pod\nspec:\n  containers:\n  - {name: etcd, ${container}}\n${volumes}`;
    const pod = decodePod(Buffer.from(text), 10_000);
    const [only] = pod.state === 'read' ? pod.containers : [];
    return only === undefined ? undefined : podSettings(only);
  };

  it('are its command with its arguments, literal variables and mounts', () => {
    const container =
      'command: [etcd], args: [--a], env: [{name: GODEBUG, value: x}, {name: TZ, value: y}, {name: IP, valueFrom: {fieldRef: {}}}], ' +
      'volumeMounts: [{name: data, mountPath: /var/lib/etcd/}, {name: tmp, mountPath: tmp}, {name: none, mountPath: /n}]';
    const volumes = '  volumes: [{name: data, hostPath: {path: /data}}, {emptyDir: {}, name: tmp}]\n';
    expect(settingsOf(container, volumes)).toEqual({
      state: 'read',
      arguments: ['etcd', '--a'],
      variables: ['GODEBUG=x'],
      mounts: [
        { destination: '/n', source: 'volume none', type: 'unknown' },
        { destination: '/tmp', source: 'volume tmp', type: 'emptyDir' },
        { destination: '/var/lib/etcd', source: '/data', type: 'hostPath' },
      ],
    });
  });

  it("say nothing of arguments when the command is the image's own", () => {
    expect(settingsOf('args: [/bin/sh]')).toMatchObject({ arguments: [] });
  });

  it.each([
    ['a whole source of variables', 'envFrom: [{configMapRef: {name: x}}]'],
    ['a variable that stands somewhere else', 'env: [{name: GODEBUG, valueFrom: {secretKeyRef: {name: x}}}]'],
  ])('can not be read with %s', (_, container) => {
    expect(settingsOf(container)).toMatchObject({ state: 'unreadable' });
  });

  it.each(['image: [x]', 'volumeMounts: [x]', 'volumeMounts: {}', 'volumeMounts: [{name: a, mountPath: 5}]'])(
    'are not guessed from a malformed container: %s',
    (container) => {
      expect(settingsOf(container)).toBeUndefined();
    },
  );

  it.each(['  volumes: {}\n', '  volumes: [x]\n', '  volumes: [{hostPath: {path: /}}]\n'])(
    'are not guessed from malformed volumes: %j',
    (volumes) => {
      expect(settingsOf('image: x', volumes)).toBeUndefined();
    },
  );
});

import { type WatchedPathsInput, watchedPaths } from '@sealwatch/agent/inventory/watched-paths.js';
import type { Disturbance } from '@sealwatch/agent/watch/disturbance.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import { describe, expect, it } from 'vitest';
import { component, manifest, policy, service, world } from '../../fakes/appraisal-world.js';

const KUBELET = {
  pods: ['/etc/kubernetes/manifests'],
  settingsFiles: ['/var/lib/kubelet/config.yaml'],
  settingsDirectories: ['/etc/kubelet.d'],
};
const kernelRelease = '5.14.0-427.el9.x86_64';

function said(path: string, changes: Partial<Policy> = {}, more: Partial<WatchedPathsInput> = {}): Disturbance[] {
  const base = world();
  const reference = {
    ...base,
    release: { ...base.release, policy: { ...base.release.policy, ...policy(changes) } },
    manifests: [manifest('1', { components: [component('kubelet', { paths: ['/usr/bin/kubelet'] })] })],
  };
  return watchedPaths({ reference, kernelRelease, kubelet: KUBELET, ...more })
    .filter((watched) => watched.path === path)
    .flatMap(({ disturbs }) => disturbs);
}

const etcd = service({ name: 'etcd', component: 'etcd', ca: '/etc/kubernetes/pki/etcd/ca.crt' });

describe('what is watched', () => {
  it('is every file of a component, for its files and, if they are asked for, its processes', () => {
    expect(said('/usr/bin/kubelet', { require: ['file'] })).toEqual([{ kind: 'files', components: ['kubelet'] }]);
    expect(said('/usr/bin/kubelet', { require: ['file', 'process'] })).toEqual([
      { kind: 'files', components: ['kubelet'] },
      { kind: 'processes', components: ['kubelet'] },
    ]);
  });

  it('is what the linker reads, for all processes, if they are asked for', () => {
    expect(said('/etc/ld.so.preload', { require: ['file'] })).toEqual([]);
    expect(said('/etc/ld.so.preload', { require: ['module'] })).toEqual([{ kind: 'processes', components: 'all' }]);
  });

  it("is the platform's files and the authorities, for the host", () => {
    for (const path of ['/etc/system-fips', `/boot/vmlinuz-${kernelRelease}`, '/etc/kubernetes/pki/ca.crt']) {
      expect([path, said(path, { require: ['file'] })]).toEqual([path, [{ kind: 'host' }]]);
    }
  });

  it("is a service's authority, for the services, if they are asked for", () => {
    const require = ['service'] as const;
    expect(said('/etc/kubernetes/pki/etcd/ca.crt', { require, services: [etcd] })).toEqual([
      { kind: 'host' },
      { kind: 'services' },
    ]);
    expect(said('relative', { require, services: [service({ ca: 'relative' })] })).toEqual([]);
  });

  it.each(['/etc/kubernetes/manifests', '/var/lib/kubelet/config.yaml', '/etc/kubelet.d'])(
    'is %s, for images and services, whichever are asked for',
    (pods) => {
      expect(said(pods, { require: ['file'] })).toEqual([]);
      expect(said(pods, { require: ['image'] })).toEqual([{ kind: 'images' }]);
      expect(said(pods, { require: ['image', 'service'], services: [etcd] })).toEqual([
        { kind: 'images' },
        { kind: 'services' },
      ]);
    },
  );
});

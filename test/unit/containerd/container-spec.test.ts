import { readContainerSpec } from '@sealwatch/shared/containerd/container-spec.js';
import { describe, expect, it } from 'vitest';

const read = (value: unknown): ReturnType<typeof readContainerSpec> =>
  readContainerSpec(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

describe("a container's spec", () => {
  it('tells what it runs and with what, and passes over the rest', () => {
    const spec = read({
      ociVersion: '1.0.2',
      process: {
        args: ['kube-apiserver', '--x'],
        env: ['A=b=c', 'EMPTY=', 'BARE', 'A=again'],
        cwd: '/',
        user: { uid: 65532, gid: 1, additionalGids: [2], username: 'x' },
        capabilities: { bounding: [] },
      },
      root: { path: 'rootfs', readonly: true },
      mounts: [{ destination: '/etc/kubernetes', type: 'bind', source: '/etc/kubernetes', options: ['rbind', 'ro'] }],
      linux: { namespaces: [{ type: 'pid' }, { type: 'network', path: '/proc/1/ns/net' }], seccomp: {} },
    });
    expect(spec).toEqual({
      state: 'read',
      args: ['kube-apiserver', '--x'],
      env: [
        { name: 'A', value: 'b=c' },
        { name: 'EMPTY', value: '' },
        { name: 'BARE', value: '' },
        { name: 'A', value: 'again' },
      ],
      cwd: '/',
      user: { uid: 65532, gid: 1, additionalGids: [2] },
      mounts: [{ destination: '/etc/kubernetes', type: 'bind', source: '/etc/kubernetes', options: ['rbind', 'ro'] }],
      root: { path: 'rootfs', readonly: true },
      namespaces: [
        { type: 'pid', path: '' },
        { type: 'network', path: '/proc/1/ns/net' },
      ],
    });
  });

  it("takes Go's nulls for empty lists", () => {
    const spec = read({ process: { args: null, env: null, user: null }, mounts: null, linux: { namespaces: null } });
    expect(spec).toMatchObject({ state: 'read', args: [], env: [], mounts: [], namespaces: [] });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no process', {}],
    ['arguments that are no texts', { process: { args: [1] } }],
    ['arguments that are one text', { process: { args: 'kube-apiserver' } }],
    ['mounts without a destination', { process: {}, mounts: [{ source: '/' }] }],
    ['two hundred levels', '['.repeat(200)],
    ['five megabytes', `"${'x'.repeat(5 * 1024 * 1024)}"`],
  ])('%s: unreadable, with the reason', (_, value) => {
    const spec = read(value);
    expect(spec).toMatchObject({ state: 'unreadable' });
    expect(spec.state === 'unreadable' && spec.reason).toMatch(/the container's spec/);
  });
});

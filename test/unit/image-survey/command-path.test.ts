import { chmodSync } from 'node:fs';
import { commandPath } from '@sealwatch/agent/measure/image/command-path.js';
import { readContainerSpec } from '@sealwatch/shared/containerd/container-spec.js';
import { openSnapshot } from '@sealwatch/shared/containerd/open-snapshot.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../../fakes/host-tree.js';

const UPPER = '/snapshots/2/fs';
const LOWER = '/snapshots/1/fs';
const PROGRAM = '/usr/bin/etcd';

let host: HostTree;
beforeEach(() => {
  host = new HostTree();
  host.directory(UPPER).write(`${LOWER}${PROGRAM}`).write('/usr/bin/etcd').write('/outside');
  for (const path of [`${LOWER}${PROGRAM}`, '/usr/bin/etcd', '/outside']) chmodSync(host.at(path), 0o755);
});
afterEach(() => {
  host.remove();
});

async function pathOf(command: string, { env = [] as string[], cwd = '/' } = {}): Promise<string | null> {
  const directories = [UPPER, LOWER].map((path) => ({ path, writable: path === UPPER }));
  const snapshot = await openSnapshot(host.root, { kind: 'overlay', directories });
  if (snapshot.state === 'unreadable') throw new Error(snapshot.reason);
  try {
    const spec = readContainerSpec(Buffer.from(JSON.stringify({ process: { args: [command, '-x'], env, cwd } })));
    return await commandPath(spec, snapshot);
  } finally {
    await snapshot.close();
  }
}

describe('where the command of a container leads', () => {
  it.each([
    ['a link to the program', '/bin/etcd', '/usr/bin/etcd'],
    ['a relative one', '/bin/etcd', '../usr/bin/etcd'],
    ['a link to the directory', '/bin', 'usr/bin'],
  ])('is behind %s', async (_, link, target) => {
    host.link(`${UPPER}${link}`, target);
    expect(await pathOf('/bin/etcd')).toBe(PROGRAM);
  });

  it('is not said of what is written without a link', async () => {
    expect(await pathOf(PROGRAM)).toBeNull();
  });

  it('counts from the working directory unless it begins with a slash', async () => {
    expect(await pathOf('./bin/etcd', { cwd: '/usr' })).toBe(PROGRAM);
    expect(await pathOf('../../usr/./bin//etcd', { cwd: '/usr' })).toBe(PROGRAM);
  });

  it('is looked for in PATH without a slash, past what can not be executed; of two PATHs the last counts', async () => {
    host.write(`${UPPER}/sbin/etcd`).directory(`${UPPER}/lib/etcd`);
    expect(await pathOf('etcd', { env: ['PATH=/none', 'PATH=/sbin:/lib:/usr/bin'] })).toBe(PROGRAM);
    chmodSync(host.at(`${UPPER}/sbin/etcd`), 0o100);
    expect(await pathOf('etcd', { env: ['PATH=/sbin:/usr/bin'] })).toBe('/sbin/etcd');
    expect(await pathOf('etcd')).toBeNull();
  });

  it.each([
    ['out of the image', '/outside'],
    ['upwards out of it', '../../../../../../outside'],
    ['to itself', 'way'],
    ['deeper and deeper', 'way/x/y'],
    ['to a directory', '/usr'],
  ])('is nowhere behind a link that leads %s', async (_, target) => {
    host.link(`${UPPER}/way`, target);
    expect(await pathOf('/way')).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['a NUL', '/usr/bin/etcd\0'],
    ['a path without an end', '/x'.repeat(100_000)],
  ])('is nowhere for %s', async (_, command) => {
    expect(await pathOf(command, { env: [`PATH=${'/usr/bin:'.repeat(100_000)}`] })).toBeNull();
  });
});

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type LocatedFile, openSnapshot } from '@sealwatch/shared/containerd/open-snapshot.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../../fakes/host-tree.js';

const UPPER = '/var/lib/containerd/snapshots/2/fs';
const LOWER = '/var/lib/containerd/snapshots/1/fs';

let host: HostTree;
beforeEach(() => {
  host = new HostTree();
  for (const path of ['/outside', `${UPPER}/inside`, `${LOWER}/bin/tool`]) host.write(path, path);
});
afterEach(() => {
  host.remove();
});

/** What stands in the file a path leads to, or what it leads to instead. */
async function look(path: string, paths: readonly string[] = [UPPER, LOWER]): Promise<unknown> {
  const directories = paths.map((one, n) => ({ path: one, writable: n === 0 }));
  const snapshot = await openSnapshot(host.root, { kind: 'overlay', directories });
  if (snapshot.state === 'unreadable') return snapshot;
  let located: LocatedFile | undefined;
  try {
    located = await snapshot.locate(Buffer.from(path));
    return located.state === 'found' ? readFileSync(located.fd, 'utf8') : located;
  } finally {
    if (located?.state === 'found') await located.close();
    await snapshot.close();
  }
}

describe('a hostile snapshot', () => {
  it.each([
    ['an absolute link', '/outside'],
    ['a link upwards', '../../../../../../../outside'],
    ['a link into /proc', '/proc/1/root/outside'],
    ['a link to its own place on the host', `${UPPER}/inside`],
  ])('does not lead out of itself: %s', async (_, target) => {
    host.link(`${UPPER}/way`, target);
    expect(await look('/way')).toEqual({ state: 'absent' });
  });

  it('leads from one layer into another, as its links say', async () => {
    host.link(`${LOWER}/sbin`, 'bin/../bin');
    host.link(`${UPPER}/run/tool`, '/sbin/tool');
    expect(await look('/run/tool')).toBe(`${LOWER}/bin/tool`);
    expect(await look('/run/../inside')).toBe(`${UPPER}/inside`);
  });

  it('does not hang, loop or grow without end', async () => {
    execFileSync('mkfifo', [host.at(`${UPPER}/fifo`)]);
    host.link(`${UPPER}/loop`, 'loop');
    host.link(`${UPPER}/grows`, 'grows/x/y');
    host.link(`${UPPER}/long`, 'a/'.repeat(2000));
    expect(await look('/fifo')).toEqual({ state: 'not-regular', fileType: 'fifo' });
    expect(await look('/loop')).toMatchObject({ state: 'unreadable' });
    expect(await look('/grows')).toMatchObject({ state: 'unreadable' });
    expect(await look('/long')).toEqual({ state: 'absent' });
    expect(await look('/../'.repeat(30_000))).toMatchObject({ state: 'unreadable' });
    expect(await look('x'.repeat(5000))).toMatchObject({ state: 'unreadable' });
  });

  it('may lie behind a link of the host, never outside of its root', async () => {
    host.write('/data/3/bin/tool', 'moved');
    host.link('/var/lib/moved', '/data');
    expect(await look('/bin/tool', ['/var/lib/moved/3'])).toBe('moved');
    host.link('/var/lib/away', tmpdir());
    expect(await look('/bin/tool', ['/var/lib/away'])).toMatchObject({ state: 'unreadable' });
    expect(await look('/bin/tool', ['/outside'])).toMatchObject({ state: 'unreadable' });
    expect(await look('/bin/tool', [UPPER, '/var/lib/containerd/snapshots/0/fs'])).toEqual({
      state: 'unreadable',
      reason: 'a directory of its snapshot is missing (layer 1)',
    });
  });
});

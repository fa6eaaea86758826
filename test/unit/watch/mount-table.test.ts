import { changedMounts } from '@sealwatch/agent/watch/changed-mounts.js';
import { belowRoot, mountTableOf } from '@sealwatch/agent/watch/mount-table.js';
import { TableReader } from '@sealwatch/agent/watch/table-reader.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../../fakes/host-tree.js';

let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
});
afterEach(() => {
  tree.remove();
});

describe('the mount table of a host root', () => {
  it("is its process's, and else this program's", () => {
    expect(mountTableOf('/proc/1/root')).toEqual({ file: '/proc/1/mountinfo', rootAt: '/' });
    expect(mountTableOf('/proc/77/root/')).toEqual({ file: '/proc/77/mountinfo', rootAt: '/' });
    expect(mountTableOf('/')).toEqual({ file: '/proc/self/mountinfo', rootAt: '/' });
    tree.directory('/real').link('/named', 'real');
    expect(mountTableOf(tree.at('/named'))).toEqual({ file: '/proc/self/mountinfo', rootAt: tree.at('/real') });
  });

  it.each([
    ['/', '/usr', '/usr'],
    ['/', '/', '/'],
    ['/srv/root', '/srv/root/usr', '/usr'],
    ['/srv/root', '/srv/root', '/'],
    ['/srv/root', '/srv', '/'],
    ['/srv/root', '/', '/'],
    ['/srv/root', '/srv/rooted', undefined],
    ['/srv/root', '/usr', undefined],
  ])('of a root at %s has %s as %s', (rootAt, point, below) => {
    expect(belowRoot(Buffer.from(point), rootAt)?.toString()).toBe(below);
  });
});

const line = (id: number, at: string, options = 'rw'): string =>
  `${String(id)} 1 0:${String(id)} / ${at} ${options} - tmpfs tmpfs rw\n`;
const changed = (before: string, now: string): string[] | undefined =>
  changedMounts(Buffer.from(before), Buffer.from(now))?.map(String);

describe('between two tables', () => {
  it('what came and what went has changed, each place once', () => {
    expect(changed(line(1, '/a') + line(2, '/b'), line(2, '/b') + line(3, '/c') + line(4, '/c'))).toEqual(['/c', '/a']);
  });

  it('the order and what stays has not', () => {
    expect(changed(line(1, '/a') + line(2, '/b'), line(2, '/b') + line(1, '/a'))).toEqual([]);
  });

  it('a mount with other options, or in the place of another, has', () => {
    expect(changed(line(1, '/a'), line(1, '/a', 'ro'))).toEqual(['/a']);
    expect(changed(line(1, '/a'), line(2, '/a'))).toEqual(['/a']);
    expect(changed(line(1, '/a'), line(1, '/a') + line(2, '/a'))).toEqual(['/a']);
  });

  it('names are bytes', () => {
    expect(changed('', line(1, '/with\\040space'))).toEqual(['/with space']);
  });

  it('nothing is told of what is no table', () => {
    expect(changed('', 'nonsense\n')).toBeUndefined();
  });
});

describe('a table that is read again and again', () => {
  const texts = (before: Buffer, now: Buffer): [string, string] | undefined =>
    String(now) === 'nonsense' ? undefined : [String(before), String(now)];

  it('is the same or another, whatever its size, up to a bound', () => {
    const reader = new TableReader({ file: tree.at('/table'), maxBytes: 300_000 });
    expect(reader.read(texts)).toMatchObject({ state: 'unreadable' });
    let before = '';
    for (const size of [10, 65_535, 65_536, 65_537, 200_000, 10, 0, 299_999]) {
      const now = 'x'.repeat(size);
      tree.write('/table', now);
      const reading = reader.read(texts);
      expect(reading.state === 'changed' && reading.difference.join() === `${before},${now}`).toBe(true);
      expect(reader.read(texts)).toEqual({ state: 'same' });
      before = now;
    }
    tree.write('/table', 'x'.repeat(300_000));
    expect(reader.read(texts)).toEqual({ state: 'unreadable', reason: 'larger than 300000 bytes' });
    tree.write('/table', 'x'.repeat(299_999));
    expect(reader.read(texts)).toEqual({ state: 'same' });
  });

  it('is compared with the last one that could be read', () => {
    const reader = new TableReader({ file: tree.at('/table'), maxBytes: 1000 });
    tree.write('/table', 'one');
    reader.read(texts);
    tree.replace('/table', 'nowhere');
    expect(reader.read(texts)).toMatchObject({ state: 'unreadable' });
    tree.write('/nowhere', 'nonsense');
    expect(reader.read(texts)).toMatchObject({ state: 'unreadable' });
    tree.write('/nowhere', 'two');
    expect(reader.read(texts)).toEqual({ state: 'changed', difference: ['one', 'two'] });
  });
});

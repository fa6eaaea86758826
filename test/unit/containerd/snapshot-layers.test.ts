import { snapshotLayers } from '@sealwatch/shared/containerd/snapshot-layers.js';
import { describe, expect, it } from 'vitest';

const overlay = (...options: string[]): ReturnType<typeof snapshotLayers> =>
  snapshotLayers([{ type: 'overlay', source: 'overlay', options }]);
const bind = (source: string, ...options: string[]): ReturnType<typeof snapshotLayers> =>
  snapshotLayers([{ type: 'bind', source, options }]);

describe('the layers of a snapshot', () => {
  it("are the upper directory, then the image's from the last to the first", () => {
    expect(overlay('index=off', 'workdir=/w', 'upperdir=/u', 'lowerdir=/l2:/l1')).toEqual({
      kind: 'overlay',
      directories: [
        { path: '/u', writable: true },
        { path: '/l2', writable: false },
        { path: '/l1', writable: false },
      ],
    });
  });

  it('are only lower ones in a view', () => {
    expect(overlay('index=off', 'userxattr', 'lowerdir=/l2:/l1')).toMatchObject({
      directories: [
        { path: '/l2', writable: false },
        { path: '/l1', writable: false },
      ],
    });
  });

  it('have colons and backslashes in their names if they are escaped', () => {
    expect(overlay('lowerdir=/a\\:b:/c\\\\d', 'upperdir=/u\\:v', 'workdir=/w')).toMatchObject({
      directories: [{ path: '/u:v' }, { path: '/a:b' }, { path: '/c\\d' }],
    });
  });

  it('are one directory for the native snapshotter and for an image of one layer', () => {
    expect(bind('/snapshots/3', 'rbind', 'rw')).toEqual({
      kind: 'plain',
      directories: [{ path: '/snapshots/3', writable: true }],
    });
    expect(bind('/snapshots/3/fs', 'ro', 'rbind')).toMatchObject({ directories: [{ writable: false }] });
  });

  it.each([
    ['no mount', []],
    [
      'two mounts',
      [
        { type: 'bind', source: '/a', options: [] },
        { type: 'bind', source: '/b', options: [] },
      ],
    ],
    ['another kind', [{ type: 'erofs', source: '/a', options: [] }]],
    ['a bind mount of nothing', [{ type: 'bind', source: '', options: [] }]],
    ['a relative bind mount', [{ type: 'bind', source: 'a', options: [] }]],
    ['NUL in a path', [{ type: 'bind', source: '/a\0b', options: [] }]],
    ...[
      ['upperdir=/u', 'workdir=/w'],
      ['lowerdir='],
      ['lowerdir=/a::/b'],
      ['lowerdir=/a:'],
      ['lowerdir=a'],
      ['upperdir=u', 'lowerdir=/a'],
      ['lowerdir=/a', 'metacopy=on'],
      ['lowerdir=/a', 'redirect_dir=on'],
      ['lowerdir=/a', 'redirect_dir=follow'],
      ['lowerdir+=/a'],
      ['lowerdir=/a', 'datadir+=/b'],
      ['lowerdir=/a', 'something'],
      [`lowerdir=${Array(501).fill('/a').join(':')}`],
    ].map((options): [string, { type: string; source: string; options: string[] }[]] => [
      options.join().slice(0, 60),
      [{ type: 'overlay', source: 'overlay', options }],
    ]),
  ])('are not guessed: %s', (_, mounts) => {
    expect(snapshotLayers(mounts)).toMatchObject({ kind: 'unsupported' });
  });
});

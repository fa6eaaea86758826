import { readFileSync } from 'node:fs';
import { parseMountInfo } from '@sealwatch/shared/proc/mount-info.js';
import { mountsOver } from '@sealwatch/shared/proc/mounts-over.js';
import { describe, expect, it } from 'vitest';

const ROOT = '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n';

function mount(mountPoint: string, { root = '/', fsType = 'ext4', optional = '' } = {}): string {
  return `40 27 0:21 ${root} ${mountPoint} rw,relatime ${optional}- ${fsType} none rw\n`;
}

describe('a table of mounts', () => {
  it('is read, with any number of optional fields', () => {
    const table = `${ROOT}${mount('/a', { root: '/b', fsType: 'tmpfs', optional: 'shared:1 master:7 unbindable ' })}`;
    expect(parseMountInfo(Buffer.from(table))).toEqual([
      {
        id: 27,
        parent: 1,
        device: '254:0',
        root: Buffer.from('/'),
        mountPoint: Buffer.from('/'),
        fsType: 'ext4',
        source: Buffer.from('/dev/vda'),
      },
      {
        id: 40,
        parent: 27,
        device: '0:21',
        root: Buffer.from('/b'),
        mountPoint: Buffer.from('/a'),
        fsType: 'tmpfs',
        source: Buffer.from('none'),
      },
    ]);
  });

  it('has names with blanks, newlines and backslashes undone', () => {
    const mounts = parseMountInfo(Buffer.from(mount('/a\\040b\\011c\\012d\\134040e\\999')));
    expect(mounts?.[0]?.mountPoint.toString()).toBe('/a b\tc\nd\\040e\\999');
  });

  it('of this machine is read', () => {
    const mounts = parseMountInfo(readFileSync('/proc/self/mountinfo'));
    expect(mounts?.some(({ mountPoint, fsType }) => mountPoint.toString() === '/proc' && fsType === 'proc')).toBe(true);
  });

  it.each(['nonsense\n', '27 1 254:0 / / rw\n', '27 1 254:0 / / rw - ext4\n', 'x 1 254:0 / / rw - a b c\n', '\n'])(
    'that is none (%j) is refused',
    (text) => {
      expect(parseMountInfo(Buffer.from(text))).toBeUndefined();
    },
  );
});

describe('the mounts over a path', () => {
  it('are those on it and on its directories, not that of the root, its neighbours or what is below it', () => {
    const points = ['/usr', '/usr/bin', '/usr/bin/kubelet', '/usr/bin/kube', '/usr/bin/kubelet/x', '/us', '/opt'];
    const mounts = parseMountInfo(Buffer.from(ROOT + points.map((point) => mount(point)).join(''))) ?? [];
    const over = mountsOver(mounts, Buffer.from('/usr/bin/kubelet'));
    expect(over.map(({ on, mount: { mountPoint } }) => [on, mountPoint.toString()])).toEqual([
      ['ancestor', '/usr'],
      ['ancestor', '/usr/bin'],
      ['path', '/usr/bin/kubelet'],
    ]);
  });
});

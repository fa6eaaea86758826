import { readFileSync } from 'node:fs';
import { parseExecutableMappings } from '@sealwatch/shared/proc/executable-mappings.js';
import { describe, expect, it } from 'vitest';

function parse(text: string): ReturnType<typeof parseExecutableMappings> {
  return parseExecutableMappings(Buffer.from(text, 'latin1'));
}

const KUBELET = '00400000-02a4f000 r-xp 00000000 fe:01 260386                     /usr/bin/kubelet\n';

describe('the executable mappings of a process', () => {
  it('are read whole, the others left out', () => {
    const table =
      `${KUBELET}02a4f000-02b00000 r--p 0264f000 fe:01 260386                     /usr/bin/kubelet\n` +
      '7ffd1a3c0000-7ffd1a3e1000 rw-p 00000000 00:00 0                          [stack]\n' +
      '7f0000000000-7f0000001000 rwxs 7fffffff000 103:0a 18446744073709551615 /dev/shm/a b\n';
    expect(parse(table)).toEqual([
      {
        start: 0x400000n,
        end: 0x2a4f000n,
        writable: false,
        shared: false,
        offset: 0n,
        deviceMajor: 0xfe,
        deviceMinor: 1,
        inode: 260386n,
        name: Buffer.from('/usr/bin/kubelet'),
      },
      {
        start: 0x7f0000000000n,
        end: 0x7f0000001000n,
        writable: true,
        shared: true,
        offset: 0x7fffffff000n,
        deviceMajor: 0x103,
        deviceMinor: 10,
        inode: 18446744073709551615n,
        name: Buffer.from('/dev/shm/a b'),
      },
    ]);
  });

  it('keep addresses that fit no number', () => {
    const [vsyscall] =
      parse('ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n') ?? [];
    expect(vsyscall).toMatchObject({ start: 0xffffffffff600000n, name: Buffer.from('[vsyscall]') });
  });

  it.each([
    ['no name', '1000-2000 r-xp 00000000 00:00 0 ', ''],
    ['a name as deleted files have it', '1000-2000 r-xp 00000000 00:00 7      /a (deleted)', '/a (deleted)'],
    ['a newline, escaped', '1000-2000 r-xp 00000000 00:00 7      /a\\012b', '/a\\012b'],
    ['bytes that are no text', '1000-2000 r-xp 00000000 00:00 7      /a\xff', '/a\xff'],
    ['what looks like a line', '1000-2000 r-xp 00000000 00:00 7      /x 1000-2000 r-xp', '/x 1000-2000 r-xp'],
  ])('keep a name as it stands: %s', (_, line, name) => {
    expect(parse(`${line}\n`)?.[0]?.name).toEqual(Buffer.from(name, 'latin1'));
  });

  it('of this very process hold its program', () => {
    const mappings = parseExecutableMappings(readFileSync('/proc/self/maps'));
    expect(mappings?.map(({ name }) => name.toString())).toContain(process.execPath);
  });

  it.each([
    'nonsense\n',
    '1000-2000 r-xp\n',
    '1000-2000 r?xp 00000000 00:00 0\n',
    '2000-1000 r-xp 00000000 00:00 0\n',
    '1000-1000 r-xp 00000000 00:00 0\n',
    '1000-2000 r-?p 00000000 00:00 0\n',
    '1000-2000 r-xp 00000000 00:00 x\n',
    '-1-2000 r-xp 00000000 00:00 0\n',
    `${KUBELET}\n${KUBELET}`,
    `${KUBELET}cut`,
  ])('of a table with a line that is none are refused: %j', (text) => {
    expect(parse(text)).toBeUndefined();
  });
});

import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
  openSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { listExecutables } from '@sealwatch/shared/image/tree/list-executables.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appliedTree, executablePaths, pathsOf, treeLines } from '../fakes/applied-tree.js';
import {
  directory,
  file,
  hardLink,
  opaque,
  program,
  symlink,
  tarOf,
  whiteout,
  type TarMember,
} from '../fakes/tar-writer.js';

const apply = (...layers: TarMember[][]): ReturnType<typeof appliedTree> =>
  appliedTree(layers.map((layer) => tarOf(layer)));

describe('a file system made of layers', () => {
  it('has what a later layer adds and changes', () => {
    const tree = apply(
      [directory('bin'), program('bin/a', 'one'), program('bin/b', 'two')],
      [program('bin/a', 'three'), file('etc/config', 'x')],
    );
    expect(treeLines(tree)).toEqual([
      '/bin directory 755',
      '/bin/a file 755 5',
      '/bin/b file 755 3',
      '/etc directory 755',
      '/etc/config file 644 1',
    ]);
    expect(listExecutables(tree)).toEqual([
      { path: '/bin/a', digest: sha256(Buffer.from('three')), size: '5', mode: '0755' },
      { path: '/bin/b', digest: sha256(Buffer.from('two')), size: '3', mode: '0755' },
    ]);
  });

  it('loses what a whiteout names, with all that is below', () => {
    expect(pathsOf(apply([program('a/b/c'), program('a/d')], [whiteout('a/b')]))).toEqual(['/a', '/a/d']);
  });

  it.each([
    ['before', [opaque('a'), program('a/new')]],
    ['behind', [program('a/new'), opaque('a')]],
  ])('an opaque directory hides only lower layers; its mark stands %s its files', (_, layer) => {
    const lower = [program('a/old'), directory('a/sub'), program('a/sub/x'), program('b')];
    expect(pathsOf(apply(lower, layer))).toEqual(['/a', '/a/new', '/b']);
  });

  it('an opaque root hides everything below it', () => {
    expect(pathsOf(apply([program('a'), program('b/c')], [opaque(''), program('d')]))).toEqual(['/d']);
  });

  it('a whiteout hides nothing of its own layer, wherever it stands', () => {
    const own = [program('a/new'), whiteout('a')];
    expect(pathsOf(apply([program('a/old')], own))).toEqual(['/a', '/a/new']);
    expect(pathsOf(apply([program('a/old')], [...own].reverse()))).toEqual(['/a', '/a/new']);
  });

  it('what a whiteout hid can come back', () => {
    expect(executablePaths(apply([program('a')], [whiteout('a')], [program('a', 'again')]))).toEqual(['/a']);
  });

  it('a whiteout of what is not there means nothing', () => {
    expect(pathsOf(apply([program('a')], [whiteout('b'), whiteout('c/d'), opaque('e')]))).toEqual(['/a']);
  });

  it('AUFS’s own files at the root are not there', () => {
    expect(
      pathsOf(apply([file('.wh..wh.aufs'), directory('.wh..wh.plnk'), file('.wh..wh.plnk/1.2'), file('a')])),
    ).toEqual(['/a']);
  });

  it('a directory is replaced by a file, and a file by a directory', () => {
    expect(pathsOf(apply([program('a/b')], [program('a')]))).toEqual(['/a']);
    expect(pathsOf(apply([program('a')], [directory('a'), program('a/b')]))).toEqual(['/a', '/a/b']);
  });

  it('a directory listed again keeps its files and takes the new mode', () => {
    expect(treeLines(apply([directory('a', 0o700), file('a/b')], [directory('a', 0o1777)]))).toEqual([
      '/a directory 1777',
      '/a/b file 644 0',
    ]);
  });

  it('a directory replaces a link to a directory', () => {
    const tree = apply([directory('usr/lib'), symlink('lib', 'usr/lib')], [directory('lib'), program('lib/x')]);
    expect(executablePaths(tree)).toEqual(['/lib/x']);
  });

  it('a hard link is the same file under another name, across layers and after the first name is gone', () => {
    const tree = apply([program('a', 'content')], [hardLink('b', 'a')], [whiteout('a')]);
    expect(listExecutables(tree)).toEqual([
      { path: '/b', digest: sha256(Buffer.from('content')), size: '7', mode: '0755' },
    ]);
  });

  it('a hard link to a symlink is a symlink', () => {
    expect(treeLines(apply([program('a'), symlink('s', 'a'), hardLink('t', 's')]))).toContain('/t -> a');
  });

  it('a file below a link lies where the link leads, and the publisher hears of it', () => {
    const tree = apply([directory('usr/lib'), symlink('lib', 'usr/lib')], [program('lib/x')]);
    expect(executablePaths(tree)).toEqual(['/usr/lib/x']);
    expect(tree.notes).toEqual(['layer entry lib/x leads through a link to /usr/lib; some runtimes see it elsewhere']);
  });

  it('has setuid and sticky bits in the mode', () => {
    expect(listExecutables(apply([file('su', 'x', 0o4755)]))).toMatchObject([{ path: '/su', mode: '4755' }]);
  });

  it('lists an empty executable and an ELF object without an x bit, and no other file', () => {
    const elf = Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(30_000, 7)]);
    const tree = apply([
      program('empty', ''),
      file('lib.so', elf),
      file('text', 'ELF'),
      file('short', '\x7fEL'),
      file('none'),
    ]);
    expect(listExecutables(tree)).toEqual([
      { path: '/empty', digest: sha256(Buffer.alloc(0)), size: '0', mode: '0755' },
      { path: '/lib.so', digest: sha256(elf), size: String(elf.length), mode: '0644' },
    ]);
  });

  it.each([1, 2, 3, 511, 513])('is the same when its archive arrives in pieces of %i bytes', (pieceBytes) => {
    const elf = `\x7fELF${'.'.repeat(1000)}`;
    const layer = tarOf([
      file('lib.so', elf),
      program('script', '#!/bin/sh\n'),
      { ...file('n'.repeat(150)), mode: 0o755 },
    ]);
    expect(listExecutables(appliedTree([layer], undefined, pieceBytes))).toEqual(listExecutables(appliedTree([layer])));
  });

  it('knows devices and pipes as no files', () => {
    expect(
      treeLines(
        apply([
          { name: 'null', type: '3' },
          { name: 'disk', type: '4' },
          { name: 'pipe', type: '6' },
        ]),
      ),
    ).toEqual(['/disk block-device', '/null character-device', '/pipe fifo']);
  });

  it('takes the size of what has no content as said, but reads none', () => {
    const tree = apply([program('a'), { ...hardLink('b', 'a'), size: 512 }, program('c')]);
    expect(executablePaths(tree)).toEqual(['/a', '/b', '/c']);
  });

  it('20,000 small files take no longer than a few seconds', () => {
    const members = Array.from({ length: 20_000 }, (_, i) => program(`d${String(i % 100)}/f${String(i)}`, String(i)));
    const started = performance.now();
    const tree = apply(members, [whiteout('d7')]);
    expect(executablePaths(tree)).toHaveLength(19_800);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('an archive of GNU tar', () => {
  let work: string;
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'sealwatch-image-'));
    const root = join(work, 'root');
    mkdirSync(join(root, 'directory'.repeat(12)), { recursive: true });
    writeFileSync(join(root, 'directory'.repeat(12), 'name'.repeat(20)), 'long', { mode: 0o755 });
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x6e, 0xff, 0xfe])]), 'odd', { mode: 0o755 });
    writeFileSync(join(root, 'sparse'), '', { mode: 0o755 });
    const fd = openSync(join(root, 'sparse'), 'r+');
    for (let i = 0; i < 60; i++) writeSync(fd, `piece ${String(i)}`, i * 300_000);
    closeSync(fd);
    writeFileSync(join(root, 'hole'), '', { mode: 0o755 });
    truncateSync(join(root, 'hole'), 3_000_000);
  });
  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  const formats = [
    ['gnu'],
    ['gnu', '--sparse'],
    ['posix'],
    ...['0.0', '0.1', '1.0'].map((version) => ['posix', '--sparse', `--sparse-version=${version}`]),
  ];
  it.each(formats.map((format) => [format.join(' '), format] as const))(
    'in format %s gives names, holes and contents as they are on disk',
    (_, [format = '', ...options]) => {
      const root = join(work, 'root');
      const tar = execFileSync('tar', ['-c', `--format=${format}`, ...options, '-C', root, '.'], {
        maxBuffer: 2 ** 28,
      });
      const files = listExecutables(appliedTree([tar]));
      expect(files.map(({ path }) => path)).toEqual([
        `/${'directory'.repeat(12)}/${'name'.repeat(20)}`,
        '/hole',
        '/n\\xff\\xfe',
        '/sparse',
      ]);
      for (const name of ['hole', 'sparse']) {
        const bytes = readFileSync(join(root, name));
        expect(files).toContainEqual({
          path: `/${name}`,
          digest: sha256(bytes),
          size: String(bytes.length),
          mode: '0755',
        });
      }
    },
  );
});

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  cpSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { ZstdDecoder } from '@sealwatch/shared/image/compression/zstd/zstd-decoder.js';
import { defaultPlatform } from '@sealwatch/shared/image/document/platform.js';
import { readImage, type ReadImage } from '@sealwatch/shared/image/read-image.js';
import { parseImageLocation } from '@sealwatch/shared/image/source/image-location.js';
import { openImageSource } from '@sealwatch/shared/image/source/open-image-source.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appliedTree, treeLines } from '../fakes/applied-tree.js';
import { ImageBuilder, writeFiles } from '../fakes/image-builder.js';
import { directory, file, opaque, symlink, tarOf, type TarMember, whiteout } from '../fakes/tar-writer.js';
import { zstdSubject } from '../fakes/zstd-subject.js';

let work: string;
const at = (...names: string[]): string => join(work, ...names);
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', cwd: work, maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] });

/** An image of three layers, made by umoci from changes to a real file system. */
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'sealwatch-peers-'));
  run('umoci', 'init', '--layout', 'layout');
  run('umoci', 'new', '--image', 'layout:app');
  const change = (what: (root: string) => void): void => {
    run('umoci', 'unpack', '--image', 'layout:app', 'bundle');
    what(at('bundle', 'rootfs'));
    run('umoci', 'repack', '--image', 'layout:app', 'bundle');
    rmSync(at('bundle'), { recursive: true });
  };
  change((root) => {
    mkdirSync(join(root, 'usr/bin'), { recursive: true });
    mkdirSync(join(root, 'usr/lib'), { recursive: true });
    mkdirSync(join(root, 'srv/old'), { recursive: true });
    symlinkSync('usr/bin', join(root, 'bin'));
    for (const tool of ['cat', 'ls', 'sha256sum', 'env'])
      cpSync(`/usr/bin/${tool}`, join(root, 'usr/bin', tool), { dereference: true });
    linkSync(join(root, 'usr/bin/ls'), join(root, 'usr/bin/dir'));
    writeFileSync(join(root, 'usr/bin/su'), 'setuid');
    chmodSync(join(root, 'usr/bin/su'), 0o4755);
    writeFileSync(
      join(root, 'usr/lib/library.so'),
      Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(5000, 1)]),
    );
    writeFileSync(join(root, 'usr/lib/empty'), '', { mode: 0o755 });
    writeFileSync(join(root, 'usr/lib/sparse'), '', { mode: 0o755 });
    truncateSync(join(root, 'usr/lib/sparse'), 20_000_000);
    writeFileSync(Buffer.concat([Buffer.from(join(root, 'srv/')), Buffer.from([0xff, 0x5c])]), 'odd', { mode: 0o755 });
    writeFileSync(join(root, 'srv', 'n'.repeat(250)), 'long', { mode: 0o755 });
    for (let i = 0; i < 2000; i++) writeFileSync(join(root, 'srv/old', String(i)), String(i), { mode: 0o755 });
  });
  change((root) => {
    rmSync(join(root, 'usr/bin/cat'));
    rmSync(join(root, 'srv/old'), { recursive: true });
    writeFileSync(join(root, 'srv/old'), 'now a file', { mode: 0o755 });
    writeFileSync(join(root, 'usr/bin/run'), '#!/bin/env sh\n', { mode: 0o755 });
  });
  change((root) => {
    rmSync(join(root, 'srv/old'));
    mkdirSync(join(root, 'srv/old'));
    writeFileSync(join(root, 'srv/old/again'), 'a directory again', { mode: 0o755 });
    chmodSync(join(root, 'usr/bin/env'), 0o700);
  });
  run('umoci', 'config', '--image', 'layout:app', '--config.entrypoint', 'run', '--config.env', 'PATH=/bin');
  run('umoci', 'unpack', '--image', 'layout:app', 'final');
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

async function read(text: string): Promise<ReadImage> {
  const reference = parseImageLocation(text);
  if (reference.kind === 'containerd') throw new Error(text);
  const source = await openImageSource(reference);
  try {
    return await readImage(source, reference.name);
  } finally {
    await source.close();
  }
}

interface InspectedManifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string; readonly mediaType: string; readonly size: number }[];
}

/** Regular files that are executable or ELF objects, as they lie on the disk. */
function executablesBelow(root: string, below: Buffer = Buffer.from('/')): unknown[] {
  const names = readdirSync(Buffer.concat([Buffer.from(root), below]), { encoding: 'buffer' });
  return names.flatMap((name) => {
    const path = Buffer.concat([below, name]);
    const full = Buffer.concat([Buffer.from(root), path]);
    const stat = lstatSync(full);
    if (stat.isDirectory()) return executablesBelow(root, Buffer.concat([path, Buffer.from('/')]));
    if (!stat.isFile()) return [];
    const bytes = readFileSync(full);
    if ((stat.mode & 0o111) === 0 && bytes.toString('latin1', 0, 4) !== '\x7fELF') return [];
    const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0');
    return [{ path: pathText(path), digest: sha256(bytes), size: String(bytes.length), mode }];
  });
}

const byPath = (files: readonly unknown[]): unknown[] =>
  [...files].sort((a, b) => ((a as { path: string }).path < (b as { path: string }).path ? -1 : 1));

describe('an image that umoci made', () => {
  it('has the digests that skopeo names', async () => {
    const raw = run('skopeo', 'inspect', '--raw', 'oci:layout:app');
    const manifest = JSON.parse(raw) as InspectedManifest;
    const config = run('skopeo', 'inspect', '--raw', '--config', 'oci:layout:app');
    const image = await read(`oci:${at('layout')}:app`);
    expect(image.manifestDigest).toBe(sha256(Buffer.from(raw)));
    expect(image.configDigest).toBe(manifest.config.digest);
    expect(image.configBytes.toString()).toBe(config);
    expect(image.platform.architecture).toBe(defaultPlatform().architecture);
    const { rootfs } = JSON.parse(config) as { rootfs: { diff_ids: string[] } };
    expect(image.layers).toEqual(
      manifest.layers.map(({ digest, mediaType, size }, i) => ({
        digest,
        mediaType,
        size: String(size),
        diffId: rootfs.diff_ids[i],
        uncompressedSize: image.layers[i]?.uncompressedSize,
      })),
    );
    expect(image.layers).toHaveLength(3);
  });

  it('has the executables and libraries that umoci unpacks', async () => {
    const image = await read(`oci:${at('layout')}:app`);
    const onDisk = executablesBelow(at('final', 'rootfs'));
    expect(onDisk.length).toBeGreaterThan(10);
    expect(byPath(image.executables)).toEqual(byPath(onDisk));
    expect(readlinkSync(at('final', 'rootfs', 'bin'))).toBe('usr/bin');
    expect(image.entrypoint).toMatchObject({
      state: 'resolved',
      file: { path: '/usr/bin/run' },
      interpreters: [{ path: '/usr/bin/env', mode: '0700' }],
    });
  });
});

describe('the same image, repackaged by skopeo', () => {
  it.each([
    ['oci-archive:archive.tar:app', []],
    ['docker-archive:docker.tar:example.org/app:1', []],
    ['oci:zstd:app', ['--dest-compress-format', 'zstd']],
    ['oci:plain:app', ['--dest-decompress']],
    ['oci:best:app', ['--dest-compress-format', 'zstd', '--dest-compress-level', '20']],
    ['oci:docker:app', ['--format', 'v2s2']],
  ])('%s is known by its config and has the same files', async (reference, options) => {
    run('skopeo', '--insecure-policy', 'copy', '--quiet', ...options, 'oci:layout:app', reference);
    const before = await read(`oci:${at('layout')}:app`);
    const image = await read(reference.replace(':', `:${work}/`));
    expect(image.layers.map(({ diffId }) => diffId)).toEqual(before.layers.map(({ diffId }) => diffId));
    expect(image.executables).toEqual(before.executables);
    expect(image.entrypoint).toEqual(before.entrypoint);
    expect(image.configDigest).toBe(before.configDigest);
  });
});

/** Everything below a directory, as `treeLines` writes it. */
function diskLines(root: string, below = ''): string[] {
  return readdirSync(Buffer.from(`${root}${below}/`, 'latin1'), { encoding: 'latin1' }).flatMap((name) => {
    const path = `${below}/${name}`;
    const stat = lstatSync(Buffer.from(root + path, 'latin1'));
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isDirectory()) return [`${path} directory ${mode}`, ...diskLines(root, path)];
    if (stat.isFile()) return [`${path} file ${mode} ${String(stat.size)}`];
    return [`${path} -> ${readlinkSync(Buffer.from(root + path, 'latin1'), 'latin1')}`];
  });
}

const place = fc
  .array(fc.constantFrom('a', 'b', 'c', 'link'), { minLength: 1, maxLength: 3 })
  .map((steps) => steps.join('/'));
const member: fc.Arbitrary<TarMember> = fc.oneof(
  fc.tuple(place, fc.constantFrom(0o644, 0o755, 0o4755)).map(([name, mode]) => file(name, name, mode)),
  place.map((name) => directory(name, 0o700)),
  place.map(whiteout),
  place.map(opaque),
  fc.tuple(place, fc.constantFrom('a', '/b', '../c', '../../a/b')).map(([name, target]) => symlink(name, target)),
);

describe('layers of any kind', () => {
  it('make the tree that umoci unpacks', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(member, { maxLength: 8 }), { minLength: 1, maxLength: 4 }), async (plan) => {
        const layers = plan.map((members) => tarOf(members));
        const builder = new ImageBuilder();
        const { target } = builder.image({ layers, compression: 'gzip' });
        const named = { ...target.descriptor, annotations: { 'org.opencontainers.image.ref.name': 'any' } };
        const directoryName = at('any');
        rmSync(directoryName, { recursive: true, force: true });
        writeFiles(join(directoryName, 'layout'), builder.layoutFiles([named]));
        const ours = await outcome(() => treeLines(appliedTree(layers)).sort());
        const theirs = await outcome(() => {
          run('umoci', 'unpack', '--image', 'any/layout:any', 'any/bundle');
          return diskLines(join(directoryName, 'bundle', 'rootfs')).sort();
        });
        // what one of the two refuses is not unpacked twice
        if (ours === undefined || theirs === undefined) return;
        compared++;
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 150 },
    );
    expect(compared).toBeGreaterThan(50);
  });
});

async function outcome(what: () => string[]): Promise<string[] | undefined> {
  try {
    return await Promise.resolve(what());
  } catch {
    return undefined;
  }
}

describe('zstd’s own output', () => {
  it.each([
    ['-1'],
    ['-3'],
    ['-9'],
    ['-19'],
    ['--ultra', '-20'],
    ['--fast=9'],
    ['-3', '--long=25'],
    ['-3', '-T2', '-B1MiB'],
  ])('with %s is read back', (...options) => {
    const path = at('subject');
    writeFileSync(path, zstdSubject(3_000_000, 3));
    const packed = execFileSync('zstd', ['-q', '-c', ...options, path], { maxBuffer: 2 ** 28 });
    const hash = createHash('sha256');
    const decoder = new ZstdDecoder();
    for (let from = 0; from < packed.length; from += 65_000) {
      for (const part of decoder.push(packed.subarray(from, from + 65_000))) hash.update(part);
    }
    decoder.end();
    expect(`sha256:${hash.digest('hex')}`).toBe(sha256(readFileSync(path)));
  });
});

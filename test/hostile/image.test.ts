import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, createGzip, gzipSync } from 'node:zlib';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { verifyClosure } from '@sealwatch/shared/image/closure/verify-closure.js';
import { verifyLayer } from '@sealwatch/shared/image/closure/verify-layer.js';
import { parsePlatform } from '@sealwatch/shared/image/document/platform.js';
import { readImage, type ReadImage } from '@sealwatch/shared/image/read-image.js';
import { openImageSource } from '@sealwatch/shared/image/source/open-image-source.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appliedTree, executablePaths, treeLines } from '../fakes/applied-tree.js';
import { archiveOf, configOf, ImageBuilder, OCI, writeFiles } from '../fakes/image-builder.js';
import { file, hardLink, opaque, program, symlink, tarOf, type TarMember, whiteout } from '../fakes/tar-writer.js';

const AMD64 = parsePlatform('linux/amd64');
const MIB = 1024 * 1024;

let work: string;
let builder: ImageBuilder;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'sealwatch-hostile-image-'));
  builder = new ImageBuilder();
});
afterEach(() => {
  rmSync(work, { recursive: true, force: true });
});

async function read(kind: 'oci' | 'oci-archive' | 'docker-archive', path: string): Promise<ReadImage> {
  const source = await openImageSource({ kind, path });
  try {
    return await readImage(source, undefined, { platform: AMD64 });
  } finally {
    await source.close();
  }
}

async function within<T>(seconds: number, what: () => T | Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await what();
  expect(performance.now() - started).toBeLessThan(seconds * 1000);
  return result;
}

const refusal = (code: string, message: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string });

describe('a layer that reaches out of its root', () => {
  it.each<[string, TarMember[], string]>([
    ['by dots', [program('../../../../etc/cron.d/x')], '/etc/cron.d/x'],
    ['by dots in the middle', [program('bin/../../bin/../x')], '/x'],
    ['by an absolute name', [program('//etc//x')], '/etc/x'],
    ['through an absolute link', [symlink('out', '/etc'), program('out/x')], '/etc/x'],
    ['through a link of dots', [symlink('out', '../../../../var'), program('out/x')], '/var/x'],
    ['through two links', [symlink('a', 'b'), symlink('b', '/etc/../..'), program('a/x')], '/x'],
    ['by a hard link', [program('etc/x'), hardLink('y', '../../etc/x'), whiteout('none')], '/etc/x'],
  ])('%s stays in it', (_, members, path) => {
    const tree = appliedTree([tarOf(members)]);
    expect(executablePaths(tree)).toContain(path);
    expect(executablePaths(tree).every((one) => !one.includes('..'))).toBe(true);
  });

  it('by whiteouts hides nothing but its own root', () => {
    const lower = tarOf([program('etc/x'), symlink('out', '/etc')]);
    expect(executablePaths(appliedTree([lower, tarOf([whiteout('../../etc/x')])]))).toEqual([]);
    expect(executablePaths(appliedTree([lower, tarOf([file('out/.wh.x')])]))).toEqual([]);
  });

  it('is told of to whoever signs it', () => {
    expect(appliedTree([tarOf([program('../x')])]).notes).toEqual(['layer entry ../x is taken as /x']);
    expect(appliedTree([tarOf(Array.from({ length: 99 }, () => program('../x')))]).notes).toHaveLength(21);
  });
});

describe('an archive that no runtime can unpack is refused:', () => {
  const long = 'n'.repeat(256);
  it.each<[string, TarMember[] | Buffer, RegExp]>([
    ['a file below a file', [file('a'), file('a/b')], /below something that is no directory/],
    [
      'a name below links that go round',
      [symlink('a', 'b'), symlink('b', 'a'), file('a/x')],
      /below something that is no/,
    ],
    ['a hard link to nothing', [hardLink('a', 'b')], /hard link to b, which is no file/],
    ['a hard link to itself', [program('a'), hardLink('a', 'a')], /which is no file/],
    ['a hard link to a directory', [file('d/x'), hardLink('a', 'd')], /which is no file/],
    ['a hard link that adds an x bit', [file('a', 'text'), hardLink('b', 'a', 0o755)], /makes its file executable/],
    ['a link to no path', [symlink('a', '')], /link to no path/],
    ['a whiteout of nothing', [file('a/.wh.')], /whiteout of nothing/],
    ['a whiteout of its parent', [file('a/.wh...')], /whiteout of nothing/],
    ['a name that is too long', [file(long)], /name longer/],
    ['a path that is too long', [file('d/'.repeat(3000))], /longer than a path/],
    ['a path that links make too long', [symlink('a', 'd/'.repeat(1000)), file(`a/${'e/'.repeat(1500)}x`)], /too long/],
    ['a zero byte in a name', [{ ...file('a'), pax: { path: 'a\0b' } }], /zero byte/],
    [
      'attributes of overlayfs',
      [{ ...file('a'), pax: { 'SCHILY.xattr.trusted.overlay.redirect': '/x' } }],
      /overlayfs/,
    ],
    ['an unknown type', [{ name: 'a', type: 'Z' }], /type "Z" is not known/],
    ['a negative size', [{ ...file('a'), header: (block) => block.fill(0xff, 124, 136) }], /out of range/],
    ['a size that is no number', [{ ...file('a'), header: (block) => block.write('99999999999\0', 124) }], /not octal/],
    ['a member longer than its archive', [{ ...file('a', 'x'), size: 2 ** 32 }], /ends early/],
    ['an extended header of gigabytes', [{ name: 'p', type: 'x', size: 2 ** 32 }], /extended header is too large/],
    ['a long name of gigabytes', [{ name: 'p', type: 'L', size: 2 ** 32 }], /extended header is too large/],
    ['an extended header that is garbage', [{ name: 'p', type: 'x', content: '999 a=b\n' }, file('a')], /is broken/],
    ['a negative size in an extended header', [{ ...file('a'), pax: { size: '-1' } }], /number in its extended header/],
    [
      'a sparse map that overlaps',
      [{ ...file('a', 'xx'), pax: { 'GNU.sparse.map': '0,1,0,1', 'GNU.sparse.size': '9' } }],
      /sparse map is broken/,
    ],
    [
      'a sparse map beyond its file',
      [{ ...file('a', 'x'), pax: { 'GNU.sparse.map': '8,1', 'GNU.sparse.size': '8' } }],
      /sparse map is broken/,
    ],
    [
      'a sparse file of exabytes',
      [{ ...program('a', ''), pax: { 'GNU.sparse.map': '9000000000000000,0', 'GNU.sparse.size': '9000000000000000' } }],
      /sparse files of more than/,
    ],
    ['a wrong checksum', Buffer.concat([Buffer.alloc(200, 1), Buffer.alloc(1400)]), /checksum is wrong/],
    ['half an end mark', Buffer.concat([Buffer.alloc(512), tarOf([file('a')])]), /end mark/],
    ['half a header', tarOf([file('a')]).subarray(0, 300), /ends early/],
  ])('%s', async (_, archive, message) => {
    const tar = Buffer.isBuffer(archive) ? archive : tarOf(archive);
    await within(2, () => {
      expect(() => appliedTree([tar])).toThrow(message);
    });
  });
});

describe('a layer that is a bomb', () => {
  it.each([
    ['entries', Array.from({ length: 1001 }, (_, i) => file(String(i)))],
    ['directories nobody listed', [file(`${'d/'.repeat(600)}a`), file(`e/${'d/'.repeat(600)}a`)]],
  ])('of %s is refused', (_, members) => {
    const limits = { maxEntries: 1000, maxSparseBytes: MIB };
    expect(() => appliedTree([tarOf(members)], limits)).toThrow(refusal('limit.exceeded', /more than 1000/));
  });

  it('of names through long links is refused', async () => {
    const links = Array.from({ length: 100 }, (_, i) =>
      symlink(`l${String(i)}`, `${'d/../'.repeat(700)}l${String(i + 1)}`),
    );
    const tar = tarOf([file('d/x'), ...links, file('l100/x'), ...Array.from({ length: 800 }, () => file('l0/x'))]);
    await within(10, () => {
      expect(() => appliedTree([tar], { maxEntries: 1000, maxSparseBytes: 0 })).toThrow(/no end is in sight/);
    });
  });

  it('of whiteouts costs no more than its entries', async () => {
    const names = Array.from({ length: 5_000 }, (_, i) => file(`d/${String(i)}`));
    const marks = Array.from({ length: 5_000 }, () => [opaque('d'), whiteout('d')]).flat();
    const layers = [tarOf(names), tarOf([...names, ...marks])];
    const tree = await within(10, () => appliedTree(layers));
    expect(treeLines(tree)).toHaveLength(5_001);
  });

  it('in gzip is cut off at its limit, and before that it fills no memory', async () => {
    const zeros = Buffer.alloc(MIB);
    const gzip = createGzip({ level: constants.Z_BEST_COMPRESSION });
    const parts: Buffer[] = [];
    gzip.on('data', (part: Buffer) => parts.push(part));
    for (let i = 0; i < 300; i++) if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
    await new Promise((resolve) =>
      gzip.end(() => {
        resolve(undefined);
      }),
    );
    const { digest, size } = builder.add(Buffer.concat(parts), '');
    const before = process.memoryUsage().rss;
    const layer = {
      key: digest,
      digest,
      size,
      compression: 'gzip',
      diffId: digest,
      maxUncompressedSize: 256 * MIB,
    } as const;
    expect(await verifyLayer(builder, layer)).toEqual({ state: 'inflates-too-far', limit: 256 * MIB });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * MIB);
  }, 60_000);

  it('in zstd is cut off at its limit', async () => {
    // a run of 128 KiB takes four bytes
    const runs = Buffer.alloc(4 * 10_000);
    for (let at = 0; at < runs.length; at += 4) runs.writeUInt32LE(((1 << 1) | (131_072 << 3)) & 0xffffff, at);
    const bomb = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]), runs]);
    const { digest, size } = builder.add(bomb, '');
    const layer = {
      key: digest,
      digest,
      size,
      compression: 'zstd',
      diffId: digest,
      maxUncompressedSize: 64 * MIB,
    } as const;
    const state = await within(5, () => verifyLayer(builder, layer));
    expect(state).toEqual({ state: 'inflates-too-far', limit: 64 * MIB });
  });

  it('listed hundreds of times is read once', async () => {
    const tar = tarOf([program('a', Buffer.alloc(MIB))]);
    const { target } = builder.image({ layers: Array.from({ length: 500 }, () => tar) });
    let told = 0;
    const closure = await verifyClosure(builder, target, { onBytes: (bytes) => (told += bytes) });
    expect(closure.layers.map(({ state }) => state.state)).toEqual(Array(500).fill('ok'));
    expect(told).toBeLessThan(MIB);
  });
});

describe('documents from an enemy', () => {
  const manifest = (change: Record<string, unknown>): unknown => ({
    schemaVersion: 2,
    config: { mediaType: OCI.config, digest: sha256(Buffer.from('x')), size: 1 },
    layers: [],
    ...change,
  });
  const layer = (change: Record<string, unknown>): unknown =>
    manifest({ layers: [{ mediaType: OCI.layer, digest: sha256(Buffer.from('x')), size: 1, ...change }] });

  it.each<[string, unknown, RegExp]>([
    [
      'in another algorithm',
      layer({ digest: `sha512:${'a'.repeat(128)}` }),
      /layers.0.digest: must be a sha256 digest/,
    ],
    ['with a digest in capitals', layer({ digest: `sha256:${'A'.repeat(64)}` }), /must be a sha256 digest/],
    ['with a digest that is a path', layer({ digest: 'sha256:../../../../etc/passwd' }), /must be a sha256 digest/],
    ['with a negative size', layer({ size: -1 }), /layers.0.size/],
    ['with a size beyond all numbers', layer({ size: 1e300 }), /layers.0.size/],
    ['with an unknown media type', layer({ mediaType: 'constructor' }), /media type constructor/],
    ['with an index as a layer', layer({ mediaType: OCI.index }), /a layer that is a index/],
    ['of schema 1', manifest({ schemaVersion: 1 }), /schema 1/],
    ['that is an index, too', manifest({ manifests: [] }), /lists no manifests/],
    [
      'with a thousand layers',
      manifest({ layers: Array(1000).fill({ mediaType: OCI.layer, digest: sha256(Buffer.alloc(0)), size: 0 }) }),
      /layers/,
    ],
    ['without a config', { schemaVersion: 2, layers: [] }, /config/],
    ['that is a list', [], /malformed/],
  ])('a manifest %s is unreadable', async (_, document, reason) => {
    const descriptor = builder.addJson(document, 'application/vnd.oci.image.manifest.v1+json');
    const { manifest: found, config } = await verifyClosure(builder, { kind: 'descriptor', descriptor });
    expect(found?.state).toMatchObject({ state: 'unreadable', reason: expect.stringMatching(reason) as string });
    expect(config).toBeUndefined();
  });

  it.each<[string, string, RegExp]>([
    ['huge', `{"a":"${'x'.repeat(5 * MIB)}"}`, /at most 4194304 are read/],
    ['deep', '['.repeat(100_000), /nests deeper/],
    ['no JSON', '{', /not valid JSON/],
    ['no text', '\ud800', /malformed|not UTF-8|not valid JSON/],
  ])('a manifest that is %s is unreadable', async (_, text, reason) => {
    const descriptor = builder.add(text, 'application/vnd.oci.image.manifest.v1+json');
    const closure = await within(2, () => verifyClosure(builder, { kind: 'descriptor', descriptor }));
    expect(closure.manifest?.state).toMatchObject({
      state: 'unreadable',
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('a config that pins fewer layers than there are is unreadable', async () => {
    const tar = tarOf([program('a')]);
    const good = builder.image({ layers: [tar, tar] });
    const config = builder.add(configOf({ layers: [] }, [sha256(tar)]), OCI.config);
    const layers = good.layerDigests.map((digest) => ({
      mediaType: `${OCI.layer}+gzip`,
      digest,
      size: builder.blobs.get(digest)?.length,
    }));
    const descriptor = builder.addJson({ schemaVersion: 2, config, layers }, good.target.descriptor.mediaType);
    const closure = await verifyClosure(builder, { kind: 'descriptor', descriptor });
    expect(closure.config?.state).toMatchObject({ reason: 'the config pins 1 layers, the manifest lists 2' });
  });

  it('a manifest of schema 1 by its media type is refused with what to do', async () => {
    const old = builder.addJson({}, 'application/vnd.docker.distribution.manifest.v1+prettyjws');
    writeFiles(work, builder.layoutFiles([old]));
    await expect(read('oci', work)).rejects.toEqual(refusal('image.unsupported', /schema 1 image.*skopeo copy/));
  });

  it('indexes that nest without an end are refused', async () => {
    let index = builder.index([]);
    for (let i = 0; i < 10; i++) index = builder.index([index]);
    writeFiles(work, builder.layoutFiles([index]));
    await expect(read('oci', work)).rejects.toEqual(refusal('limit.exceeded', /nest deeper/));
  });

  it('indexes that name one another are read once each', async () => {
    // digests allow no cycle; a source that lies about them does, and is found out
    const index = builder.index([]);
    const self = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: Array(500).fill(index) }));
    builder.blobs.set(index.digest, self);
    writeFiles(work, builder.layoutFiles([{ ...index, size: self.length }]));
    await expect(read('oci', work)).rejects.toEqual(refusal('image.malformed', /index sha256:\w+ has the digest/));
    const many = builder.index(Array(5000).fill(builder.index([])));
    writeFiles(join(work, 'many'), builder.layoutFiles([many]));
    await within(5, () =>
      expect(read('oci', join(work, 'many'))).rejects.toEqual(refusal('image.not-found', /no platform/)),
    );
  });
});

describe('a layout or archive that leads elsewhere', () => {
  it('a blob that is a link out of the layout is not followed', async () => {
    const { target, layerDigests } = builder.image({ layers: [tarOf([program('a')])] });
    const files = builder.layoutFiles([target.descriptor]);
    const [digest = ''] = layerDigests;
    const blob = files.get(`blobs/sha256/${digest.slice(7)}`)!;
    files.delete(`blobs/sha256/${digest.slice(7)}`);
    mkdirSync(join(work, 'layout'));
    writeFiles(join(work, 'layout'), files);
    writeFileSync(join(work, 'outside'), blob);
    symlinkSync(join(work, 'outside'), join(work, 'layout', 'blobs', 'sha256', digest.slice(7)));
    await expect(read('oci', join(work, 'layout'))).rejects.toEqual(refusal('image.malformed', /is not there/));
  });

  it('a blob that is a FIFO does not block', async () => {
    const { target, layerDigests } = builder.image({ layers: [tarOf([program('a')])] });
    const files = builder.layoutFiles([target.descriptor]);
    const name = `blobs/sha256/${layerDigests[0]?.slice(7) ?? ''}`;
    files.delete(name);
    writeFiles(work, files);
    execFileSync('mkfifo', [join(work, name)]);
    await within(5, () => expect(read('oci', work)).rejects.toEqual(refusal('image.malformed', /is a fifo/)));
  });

  const config = configOf({ layers: [] }, [sha256(Buffer.from('x'))]);
  const listing = (layer: string): TarMember[] => [
    file('c.json', config),
    file('manifest.json', JSON.stringify([{ Config: 'c.json', RepoTags: null, Layers: [layer] }])),
  ];
  it.each<[string, TarMember[], RegExp]>([
    ['by dots', [symlink('a/layer.tar', '../../../etc/passwd'), ...listing('a/layer.tar')], /leads out of the archive/],
    ['by an absolute link', [symlink('layer.tar', '/etc/passwd'), ...listing('layer.tar')], /leads out of the archive/],
    [
      'by links that go round',
      [symlink('a', 'b'), symlink('b', 'a'), ...listing('a')],
      /leads out of the archive or nowhere/,
    ],
    ['by a listed path', listing('../../etc/passwd'), /has no layer/],
    ['by a link that hangs', [symlink('a', 'b'), ...listing('a')], /has no layer/],
    ['to a directory', [{ name: 'a/', type: '5' }, ...listing('a/')], /has no layer/],
  ])('a docker archive whose layer leads elsewhere %s is refused', async (_, members, message) => {
    writeFileSync(join(work, 'a.tar'), tarOf(members));
    await expect(read('docker-archive', join(work, 'a.tar'))).rejects.toEqual(refusal('image.malformed', message));
  });

  it('an archive whose member is longer than the file is refused', async () => {
    writeFileSync(join(work, 'a.tar'), tarOf([{ ...file('x', 'short'), size: 2 ** 33 }]));
    await expect(read('oci-archive', join(work, 'a.tar'))).rejects.toEqual(
      refusal('image.malformed', /ends inside a member/),
    );
  });

  it('an archive of 100,000 members is refused', async () => {
    const header = tarOf([file('x')], Buffer.alloc(0));
    writeFileSync(join(work, 'a.tar'), Buffer.concat(Array<Buffer>(100_001).fill(header)));
    await expect(read('oci-archive', join(work, 'a.tar'))).rejects.toEqual(
      refusal('limit.exceeded', /more than 100000 members/),
    );
  }, 60_000);

  it('an archive with a hole of terabytes is jumped over', async () => {
    const { target } = builder.image({ layers: [tarOf([program('a')])] });
    const files = archiveOf(builder.layoutFiles([target.descriptor]));
    const head = tarOf([{ ...file('zeros'), size: 2 ** 32 }], Buffer.alloc(0));
    const path = join(work, 'a.tar');
    writeFileSync(path, head);
    truncateSync(path, head.length + 2 ** 32);
    writeFileSync(path, files, { flag: 'a' });
    const image = await within(5, () => read('oci-archive', path));
    expect(image.executables).toHaveLength(1);
  });

  it('a whole archive in gzip is not inflated', async () => {
    writeFileSync(join(work, 'a.tar'), gzipSync(Buffer.alloc(MIB)));
    await expect(read('oci-archive', join(work, 'a.tar'))).rejects.toEqual(refusal('image.unsupported', /compressed/));
  });
});

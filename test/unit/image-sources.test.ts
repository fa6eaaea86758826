import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { parsePlatform, platformMatches } from '@sealwatch/shared/image/document/platform.js';
import { readImage, type ReadImage, type ReadImageOptions } from '@sealwatch/shared/image/read-image.js';
import { parseImageLocation } from '@sealwatch/shared/image/source/image-location.js';
import { openImageSource } from '@sealwatch/shared/image/source/open-image-source.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveOf, configOf, DOCKER, ImageBuilder, OCI, writeFiles } from '../fakes/image-builder.js';
import { file, program, symlink, tarOf, whiteout } from '../fakes/tar-writer.js';

const lower = tarOf([program('bin/a'), program('bin/gone'), file('etc/x')]);
const upper = tarOf([whiteout('bin/gone'), program('bin/b')]);
const run = { Entrypoint: ['/bin/a'] };
const AMD64 = parsePlatform('linux/amd64');

let work: string;
let builder: ImageBuilder;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'sealwatch-image-'));
  builder = new ImageBuilder();
});
afterEach(() => {
  rmSync(work, { recursive: true, force: true });
});

type Kind = Parameters<typeof openImageSource>[0]['kind'];

async function read(kind: Kind, path: string, name?: string, options: ReadImageOptions = {}): Promise<ReadImage> {
  const source = await openImageSource({ kind, path });
  try {
    return await readImage(source, name, { platform: AMD64, ...options });
  } finally {
    await source.close();
  }
}

function put(name: string, bytes: Buffer): string {
  writeFileSync(join(work, name), bytes);
  return join(work, name);
}

/** What `docker save` wrote before version 25, and what skopeo writes. */
function dockerArchive(layers: ReadonlyMap<string, Buffer>, tags: string[] | null = ['example.org/app:1']): Buffer {
  const config = Buffer.from(configOf({ layers: [], run }, [lower, upper].map(sha256)));
  const list = [{ Config: 'config.json', RepoTags: tags, Layers: [...layers.keys()] }];
  return archiveOf(new Map([...layers, ['config.json', config], ['manifest.json', Buffer.from(JSON.stringify(list))]]));
}

describe('an image', () => {
  it('is the same in a layout and in its archive', async () => {
    const { target, configDigest } = builder.image({ layers: [lower, upper], run });
    const files = builder.layoutFiles([target.descriptor]);
    writeFiles(join(work, 'layout'), files);
    const fromLayout = await read('oci', join(work, 'layout'));
    expect(fromLayout).toMatchObject({
      manifestDigest: target.descriptor.digest,
      manifestMediaType: target.descriptor.mediaType,
      configDigest,
      platform: { os: 'linux', architecture: 'amd64' },
      layers: [
        { mediaType: `${OCI.layer}+gzip`, diffId: sha256(lower), uncompressedSize: String(lower.length) },
        { diffId: sha256(upper) },
      ],
      executables: [{ path: '/bin/a', mode: '0755' }, { path: '/bin/b' }],
      entrypoint: { state: 'resolved', file: { path: '/bin/a' } },
      notes: [],
    });
    expect(sha256(fromLayout.configBytes)).toBe(configDigest);
    expect(await read('oci-archive', put('a.tar', archiveOf(files)))).toEqual(fromLayout);
  });

  it('is known by its config when it was repackaged in a docker archive', async () => {
    const { configDigest } = builder.image({ layers: [lower, upper], run });
    const layers = new Map([
      ['a/layer.tar', lower],
      ['b/layer.tar', upper],
    ]);
    const found = await read('docker-archive', put('d.tar', dockerArchive(layers)), 'example.org/app:1');
    expect(found).toMatchObject({
      manifestDigest: null,
      configDigest,
      layers: [{ digest: null, mediaType: DOCKER.layer, diffId: sha256(lower) }, { digest: null }],
      executables: [{ path: '/bin/a' }, { path: '/bin/b' }],
    });
    expect(found.notes).toEqual(['a docker archive has no manifest; the image is pinned by its config']);
    const zipped = new Map([
      ['a.tgz', gzipSync(lower)],
      ['b.tgz', gzipSync(upper)],
    ]);
    expect(await read('docker-archive', put('z.tar', dockerArchive(zipped)))).toMatchObject({
      configDigest,
      layers: [{ mediaType: `${DOCKER.layer}.gzip`, uncompressedSize: String(lower.length) }, {}],
    });
  });

  it('whose layer is another than its config pins is refused, in a docker archive, too', async () => {
    const layers = new Map([
      ['a/layer.tar', upper],
      ['b/layer.tar', upper],
    ]);
    await expect(read('docker-archive', put('d.tar', dockerArchive(layers)))).rejects.toMatchObject({
      code: 'image.malformed',
      message: `layer ${sha256(lower)} has the diff id ${sha256(upper)}, not the one its config names`,
    });
  });

  it('may have layers that are links inside its archive', async () => {
    const config = Buffer.from(configOf({ layers: [] }, [lower, lower].map(sha256)));
    const list = [{ Config: 'c.json', RepoTags: null, Layers: ['a/layer.tar', 'b/layer.tar'] }];
    const tar = tarOf([
      symlink('b/layer.tar', '../a/layer.tar'),
      file('a/layer.tar', lower),
      file('c.json', config),
      file('manifest.json', JSON.stringify(list)),
    ]);
    expect((await read('docker-archive', put('d.tar', tar))).layers).toHaveLength(2);
  });

  it('with a blob that is wrong is refused by name', async () => {
    const { target, layerDigests } = builder.image({ layers: [lower] });
    const files = builder.layoutFiles([target.descriptor]);
    files.delete(`blobs/sha256/${layerDigests[0]?.slice(7) ?? ''}`);
    await expect(read('oci-archive', put('a.tar', archiveOf(files)))).rejects.toMatchObject({
      code: 'image.malformed',
      message: `layer ${String(layerDigests[0])} is not there`,
    });
  });
});

describe('of several images', () => {
  it('one is found by its name, and without a name all are told', async () => {
    const named = (name: string, architecture: string): unknown => ({
      ...builder.image({ layers: [lower], platform: { os: 'linux', architecture } }).target.descriptor,
      annotations: { 'org.opencontainers.image.ref.name': name },
    });
    writeFiles(work, builder.layoutFiles([named('one', 'amd64'), named('two', 's390x')]));
    expect(await read('oci', work, 'one')).toMatchObject({ platform: { architecture: 'amd64' } });
    for (const name of [undefined, 'three']) {
      await expect(read('oci', work, name)).rejects.toMatchObject({
        code: 'image.not-found',
        message: expect.stringContaining('there are: one, two') as string,
      });
    }
  });

  it('one is found by its platform, in nested indexes and docker lists', async () => {
    const entry = (platform: { os: string; architecture: string; variant?: string }, tar: Buffer): unknown => ({
      ...builder.image({ layers: [tar], platform }).target.descriptor,
      platform,
    });
    const arm = [
      entry({ os: 'linux', architecture: 'arm', variant: 'v6' }, tarOf([program('v6')])),
      entry({ os: 'linux', architecture: 'arm', variant: 'v7' }, tarOf([program('v7')])),
    ];
    const attestation = {
      ...builder.addJson({}, 'application/vnd.example+json'),
      platform: { os: 'unknown', architecture: 'unknown' },
    };
    const index = builder.index([
      attestation,
      builder.index(arm, DOCKER.index),
      entry({ os: 'linux', architecture: 'amd64' }, tarOf([program('amd')])),
    ]);
    writeFiles(work, builder.layoutFiles([index]));
    const executables = async (platform: string): Promise<unknown> =>
      (await read('oci', work, undefined, { platform: parsePlatform(platform) })).executables.map(({ path }) => path);
    expect(await executables('linux/amd64')).toEqual(['/amd']);
    expect(await executables('linux/arm/v7')).toEqual(['/v7']);
    expect(await executables('linux/arm')).toEqual(['/v6']);
    await expect(executables('windows/amd64')).rejects.toMatchObject({
      code: 'image.not-found',
      message:
        'the image has nothing for windows/amd64; it is for: linux/amd64, linux/arm/v6, linux/arm/v7, unknown/unknown',
    });
  });

  it('one without an index must still be for the platform', async () => {
    writeFiles(work, builder.layoutFiles([builder.image({ layers: [lower] }).target.descriptor]));
    await expect(read('oci', work, undefined, { platform: parsePlatform('linux/arm64') })).rejects.toMatchObject({
      code: 'image.not-found',
      message: 'the image is for linux/amd64, not for linux/arm64',
    });
  });
});

describe('names', () => {
  it.each([
    ['oci:/a/b', { kind: 'oci', path: '/a/b', name: undefined }],
    [
      'oci-archive:a.tar:registry.k8s.io/pause:3.9',
      { kind: 'oci-archive', path: 'a.tar', name: 'registry.k8s.io/pause:3.9' },
    ],
    ['docker-archive:a.tar', { kind: 'docker-archive', path: 'a.tar', name: undefined }],
    ['registry.k8s.io/pause:3.9', { kind: 'containerd', name: 'registry.k8s.io/pause:3.9' }],
  ])('%s says where an image is', (text, reference) => {
    expect(parseImageLocation(text)).toEqual(reference);
  });

  it.each(['', 'oci:', 'a b'])('%j says nothing', (text) => {
    expect(() => parseImageLocation(text)).toThrow(expect.objectContaining({ code: 'usage.invalid' }));
  });

  it('a platform without a variant is any, and arm64 is v8', () => {
    const matches = (wanted: string, offered: string): boolean =>
      platformMatches(parsePlatform(wanted), parsePlatform(offered));
    expect(matches('linux/arm64', 'linux/arm64/v8')).toBe(true);
    expect(matches('linux/arm64/v8', 'linux/arm64')).toBe(true);
    expect(matches('linux/arm/v7', 'linux/arm/v6')).toBe(false);
    expect(() => parsePlatform('linux')).toThrow(expect.objectContaining({ code: 'usage.invalid' }));
  });
});

describe('what is no image is refused in words:', () => {
  it.each<[string, Kind, (path: string) => void, string, RegExp]>([
    ['a missing directory', 'oci', () => undefined, 'file.unreadable', /can't be read/],
    [
      'an empty directory',
      'oci',
      (path) => {
        mkdirSync(path);
      },
      'image.malformed',
      /has no oci-layout/,
    ],
    ['a missing archive', 'oci-archive', () => undefined, 'file.unreadable', /can't be opened/],
    [
      'a directory as an archive',
      'docker-archive',
      (path) => {
        mkdirSync(path);
      },
      'file.unreadable',
      /no regular file/,
    ],
    [
      'an archive in gzip',
      'docker-archive',
      (path) => {
        writeFileSync(path, gzipSync(lower));
      },
      'image.unsupported',
      /compressed as a whole/,
    ],
    [
      'a text',
      'oci-archive',
      (path) => {
        writeFileSync(path, 'x'.repeat(1000));
      },
      'image.malformed',
      /is this a tar archive/,
    ],
    [
      'an empty file',
      'docker-archive',
      (path) => {
        writeFileSync(path, '');
      },
      'image.malformed',
      /has no manifest.json/,
    ],
    [
      'another tar',
      'oci-archive',
      (path) => {
        writeFileSync(path, lower);
      },
      'image.malformed',
      /has no oci-layout/,
    ],
  ])('%s', async (_, kind, make, code, message) => {
    make(join(work, 'image'));
    await expect(read(kind, join(work, 'image'))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });
});

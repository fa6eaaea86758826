import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { type Closure, verifyClosure } from '@sealwatch/shared/image/closure/verify-closure.js';
import type { Compression } from '@sealwatch/shared/image/document/media-type.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { compress, DOCKER, ImageBuilder, OCI } from '../fakes/image-builder.js';
import { file, program, tarOf } from '../fakes/tar-writer.js';

const lower = tarOf([program('bin/a', randomBytes(700_000)), file('etc/x', 'x')]);
const upper = tarOf([program('bin/b')]);

let builder: ImageBuilder;
beforeEach(() => {
  builder = new ImageBuilder();
});

const states = ({ manifest, config, layers }: Closure): unknown[] =>
  [manifest, config, ...layers].map((blob) => blob?.state.state);

describe('the closure of an image', () => {
  const kinds: [Compression, boolean][] = [
    ['none', false],
    ['gzip', false],
    ['zstd', false],
    ['none', true],
    ['gzip', true],
    ['zstd', true],
  ];
  it.each(kinds)('is whole, with %s layers (docker: %s)', async (compression, docker) => {
    const image = builder.image({ layers: [lower, upper], compression, docker });
    const closure = await verifyClosure(builder, image.target);
    expect(states(closure)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(closure.layers).toMatchObject([
      { digest: image.layerDigests[0], diffId: sha256(lower), state: { uncompressedSize: lower.length } },
      { digest: image.layerDigests[1], diffId: sha256(upper), state: { uncompressedSize: upper.length } },
    ]);
    expect(closure.config?.state).toMatchObject({ bytes: builder.blobs.get(image.configDigest) });
  });

  it('takes a layer of several gzip members', async () => {
    const image = builder.image({ layers: [lower], compression: 'none' });
    const parts = Buffer.concat([gzipSync(lower.subarray(0, 1000)), gzipSync(lower.subarray(1000))]);
    const layer = builder.add(parts, `${OCI.layer}+gzip`);
    const config = {
      mediaType: OCI.config,
      digest: image.configDigest,
      size: builder.blobs.get(image.configDigest)?.length,
    };
    const descriptor = builder.addJson(
      { schemaVersion: 2, config, layers: [layer] },
      image.target.descriptor.mediaType,
    );
    expect(states(await verifyClosure(builder, { kind: 'descriptor', descriptor }))).toEqual(['ok', 'ok', 'ok']);
  });

  it('is read in slices, with a pause behind each and every byte told', async () => {
    const image = builder.image({ layers: [lower], compression: 'none' });
    let pauses = 0;
    let told = 0;
    await verifyClosure(builder, image.target, {
      sliceBytes: 100_000,
      pause: () => {
        pauses++;
        return Promise.resolve();
      },
      onBytes: (bytes) => (told += bytes),
    });
    expect(pauses).toBeGreaterThan(6);
    expect(told).toBe([...builder.blobs.values()].reduce((sum, { length }) => sum + length, 0));
  });

  it('stops when it is told to', async () => {
    const image = builder.image({ layers: [lower] });
    const abort = new AbortController();
    const options = {
      signal: abort.signal,
      sliceBytes: 1,
      onBytes: () => {
        abort.abort();
      },
    };
    await expect(verifyClosure(builder, image.target, options)).rejects.toMatchObject({ code: 'request.cancelled' });
  });
});

describe('what is wrong with a blob is said of that blob:', () => {
  const ROLES = ['manifest', 'config', 'layer'] as const;
  const digestOf = (image: ReturnType<ImageBuilder['image']>, role: (typeof ROLES)[number]): `sha256:${string}` =>
    role === 'manifest'
      ? image.target.descriptor.digest
      : role === 'config'
        ? image.configDigest
        : image.layerDigests[1]!;
  const expected = (role: (typeof ROLES)[number], state: unknown): unknown[] =>
    role === 'manifest' ? [state, undefined] : role === 'config' ? ['ok', state] : ['ok', 'ok', 'ok', state];

  it.each(ROLES)('a missing %s', async (role) => {
    const image = builder.image({ layers: [lower, upper] });
    builder.blobs.delete(digestOf(image, role));
    expect(states(await verifyClosure(builder, image.target))).toEqual(expected(role, 'missing'));
  });

  it.each(ROLES)('a changed byte of the %s', async (role) => {
    const image = builder.image({ layers: [lower, upper] });
    const blob = builder.blobs.get(digestOf(image, role))!;
    blob.writeUInt8(blob.readUInt8(blob.length >> 1) ^ 1, blob.length >> 1);
    expect(states(await verifyClosure(builder, image.target))).toEqual(expected(role, 'digest-mismatch'));
  });

  it.each(ROLES)('a %s that is shorter or longer than its descriptor says', async (role) => {
    for (const change of [(blob: Buffer) => blob.subarray(1), (blob: Buffer) => Buffer.concat([blob, blob])]) {
      builder = new ImageBuilder();
      const image = builder.image({ layers: [lower, upper] });
      const digest = digestOf(image, role);
      const before = builder.blobs.get(digest)!;
      builder.blobs.set(digest, change(before));
      expect(states(await verifyClosure(builder, image.target))).toEqual(expected(role, 'size-mismatch'));
      // also when the source lies about it
      builder.claimedSizes.set(digest, before.length);
      expect(states(await verifyClosure(builder, image.target))).toEqual(expected(role, 'size-mismatch'));
    }
  });

  it('a layer that is not the one the config pins', async () => {
    const image = builder.image({ layers: [lower] });
    const other = builder.image({ layers: [upper] });
    const layer = {
      mediaType: `${OCI.layer}+gzip`,
      digest: other.layerDigests[0],
      size: builder.blobs.get(other.layerDigests[0]!)?.length,
    };
    const config = {
      mediaType: OCI.config,
      digest: image.configDigest,
      size: builder.blobs.get(image.configDigest)?.length,
    };
    const descriptor = builder.addJson(
      { schemaVersion: 2, config, layers: [layer] },
      image.target.descriptor.mediaType,
    );
    const { layers } = await verifyClosure(builder, { kind: 'descriptor', descriptor });
    expect(layers[0]?.state).toEqual({ state: 'diff-id-mismatch', observed: sha256(upper) });
  });

  it('a layer that inflates further than was signed', async () => {
    const image = builder.image({ layers: [lower, upper] });
    const sizes = [lower.length, upper.length - 1];
    expect((await verifyClosure(builder, image.target, { uncompressedSizes: sizes })).layers[1]?.state).toEqual({
      state: 'inflates-too-far',
      limit: upper.length - 1,
    });
  });

  it.each<[Compression, string, string]>([
    ['gzip', 'no gzip', 'gzip data is corrupt (Z_DATA_ERROR)'],
    ['gzip', 'cut off', 'gzip data is corrupt (Z_BUF_ERROR)'],
    ['zstd', 'no zstd', 'zstd data is corrupt: no frame begins where one should'],
    ['zstd', 'cut off', 'zstd data is corrupt: it ends early'],
  ])('a layer that says %s and is %s', async (compression, how, reason) => {
    const image = builder.image({ layers: [lower], compression: 'none' });
    const bytes = how === 'cut off' ? compress(lower, compression).subarray(0, 10_000) : lower;
    const layer = builder.add(bytes, `${OCI.layer}+${compression}`);
    const config = {
      mediaType: OCI.config,
      digest: image.configDigest,
      size: builder.blobs.get(image.configDigest)?.length,
    };
    const descriptor = builder.addJson(
      { schemaVersion: 2, config, layers: [layer] },
      image.target.descriptor.mediaType,
    );
    const { layers } = await verifyClosure(builder, { kind: 'descriptor', descriptor });
    expect(layers[0]?.state).toEqual({ state: 'unreadable', reason });
  });

  it('a layer that was compressed anew, with the same content', async () => {
    const image = builder.image({ layers: [lower] });
    // the time in a gzip header means nothing to what comes out (RFC 1952 §2.3)
    builder.blobs.get(image.layerDigests[0]!)!.writeUInt32LE(1, 4);
    expect((await verifyClosure(builder, image.target)).layers[0]?.state).toMatchObject({ state: 'digest-mismatch' });
  });

  it.each(ROLES)('a %s without an end, from a source that keeps to no limit', async (role) => {
    const image = builder.image({ layers: [lower, upper], compression: 'none' });
    const digest = digestOf(image, role);
    const endless = {
      size: (one: `sha256:${string}`) => builder.size(one),
      read: (one: `sha256:${string}`, limit: number) => (one === digest ? zeros() : builder.read(one, limit)),
    };
    expect(states(await verifyClosure(endless, image.target))).toEqual(expected(role, 'size-mismatch'));
  });

  it('a layer with something behind its gzip data', async () => {
    const image = builder.image({ layers: [upper], compression: 'none' });
    const layer = builder.add(Buffer.concat([gzipSync(upper), Buffer.alloc(600_000)]), `${OCI.layer}+gzip`);
    const config = {
      mediaType: OCI.config,
      digest: image.configDigest,
      size: builder.blobs.get(image.configDigest)?.length,
    };
    const descriptor = builder.addJson(
      { schemaVersion: 2, config, layers: [layer] },
      image.target.descriptor.mediaType,
    );
    const { layers } = await verifyClosure(builder, { kind: 'descriptor', descriptor });
    expect(layers[0]?.state).toEqual({ state: 'unreadable', reason: 'bytes follow the end of the compressed data' });
  });

  it('a source that fails', async () => {
    const image = builder.image({ layers: [lower] });
    const failing = {
      size: (digest: `sha256:${string}`) => builder.size(digest),
      read: (digest: `sha256:${string}`, limit: number) =>
        digest === image.layerDigests[0] ? brokenDisk() : builder.read(digest, limit),
    };
    expect((await verifyClosure(failing, image.target)).layers[0]?.state).toEqual({
      state: 'unreadable',
      reason: 'input/output error (EIO)',
    });
  });

  it('a docker manifest that a descriptor calls an OCI one', async () => {
    const { target } = builder.image({ layers: [lower], docker: true });
    const descriptor = { ...target.descriptor, mediaType: 'application/vnd.oci.image.manifest.v1+json' };
    expect((await verifyClosure(builder, { kind: 'descriptor', descriptor })).manifest?.state).toMatchObject({
      state: 'unreadable',
      reason: 'the manifest says another media type than its descriptor',
    });
    expect(DOCKER.manifest).toBe(target.descriptor.mediaType);
  });
});

async function* brokenDisk(): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  throw Object.assign(new Error('disk'), { code: 'EIO' });
}

async function* zeros(): AsyncGenerator<Uint8Array> {
  for (;;) {
    await Promise.resolve();
    yield Buffer.alloc(1000);
  }
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Compression } from '@sealwatch/shared/image/document/media-type.js';
import { OCI_MANIFEST } from '@sealwatch/shared/image/document/media-type.js';
import type { Descriptor } from '@sealwatch/shared/image/document/descriptor.js';
import type { BlobSource } from '@sealwatch/shared/image/source/blob-source.js';
import type { DescriptorTarget } from '@sealwatch/shared/image/source/image-source.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { tarOf } from './tar-writer.js';

export interface ImagePlan {
  /** Tar archives, bottom first. */
  readonly layers: readonly Buffer[];
  readonly compression?: Compression;
  readonly docker?: boolean;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  /** The config's `config`. */
  readonly run?: Readonly<Record<string, unknown>>;
}

export interface BuiltImage {
  readonly target: DescriptorTarget;
  readonly configDigest: Digest;
  readonly diffIds: readonly Digest[];
  readonly layerDigests: readonly Digest[];
}

/** Real images: real tars, really compressed, with digests that hold. */
export class ImageBuilder implements BlobSource {
  readonly blobs = new Map<Digest, Buffer>();
  /** What the source claims, where that is not the truth. */
  readonly claimedSizes = new Map<Digest, number>();

  add(bytes: Buffer | string, mediaType: string): Descriptor {
    const blob = Buffer.from(bytes);
    const digest = sha256(blob);
    this.blobs.set(digest, blob);
    return { mediaType, digest, size: blob.length };
  }

  addJson(value: unknown, mediaType: string): Descriptor {
    return this.add(JSON.stringify(value), mediaType);
  }

  image(plan: ImagePlan): BuiltImage {
    const { layers, compression = 'gzip', docker = false } = plan;
    const diffIds = layers.map(sha256);
    const config = this.add(configOf(plan, diffIds), docker ? DOCKER.config : OCI.config);
    const suffix = compression === 'none' ? '' : `${docker ? '.' : '+'}${compression}`;
    const stored = layers.map((tar) => this.add(compress(tar, compression), (docker ? DOCKER : OCI).layer + suffix));
    const mediaType = docker ? DOCKER.manifest : OCI_MANIFEST;
    const descriptor = this.addJson({ schemaVersion: 2, mediaType, config, layers: stored }, mediaType);
    return {
      target: { kind: 'descriptor', descriptor },
      configDigest: config.digest,
      diffIds,
      layerDigests: stored.map(({ digest }) => digest),
    };
  }

  index(entries: readonly unknown[], mediaType: string = OCI.index): Descriptor {
    return this.addJson({ schemaVersion: 2, mediaType, manifests: entries }, mediaType);
  }

  size(digest: Digest): Promise<number | undefined> {
    return Promise.resolve(this.claimedSizes.get(digest) ?? this.blobs.get(digest)?.length);
  }

  async *read(digest: Digest, limit: number): AsyncGenerator<Uint8Array> {
    const blob = (this.blobs.get(digest) ?? Buffer.alloc(0)).subarray(0, limit);
    for (let at = 0; at < blob.length; at += CHUNK) {
      await Promise.resolve();
      yield blob.subarray(at, at + CHUNK);
    }
  }

  /** The files of a layout, by name. */
  layoutFiles(entries: readonly unknown[]): Map<string, Buffer> {
    const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
    return new Map([
      ['oci-layout', json({ imageLayoutVersion: '1.0.0' })],
      ['index.json', json({ schemaVersion: 2, manifests: entries })],
      ...[...this.blobs].map(([digest, blob]) => [`blobs/sha256/${digest.slice(7)}`, blob] as const),
    ]);
  }
}

export const OCI = {
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
};

export const DOCKER = {
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar',
};

/** Not a divisor of anything. */
const CHUNK = 10_007;

export function configOf({ platform, run }: ImagePlan, diffIds: readonly Digest[]): string {
  const { os, architecture, variant } = { os: 'linux', architecture: 'amd64', variant: undefined, ...platform };
  return JSON.stringify({
    created: '2026-01-01T00:00:00Z',
    os,
    architecture,
    variant,
    config: run,
    rootfs: { type: 'layers', diff_ids: diffIds },
  });
}

export function compress(bytes: Buffer, compression: Compression): Buffer {
  switch (compression) {
    case 'none':
      return bytes;
    case 'gzip':
      return gzipSync(bytes);
    case 'zstd':
      return storedZstd(bytes);
  }
}

/** A zstd frame of raw blocks (RFC 8878 §3.1.1.2): no Node we support everywhere can write better ones. */
export function storedZstd(bytes: Buffer, windowDescriptor = 0x50): Buffer {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, windowDescriptor])];
  for (let at = 0; at === 0 || at < bytes.length; at += 100_000) {
    const block = bytes.subarray(at, at + 100_000);
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (at + 100_000 >= bytes.length ? 1 : 0), 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}

export function writeFiles(directory: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [name, bytes] of files) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), bytes);
  }
}

export function archiveOf(files: ReadonlyMap<string, Buffer>): Buffer {
  return tarOf([...files].map(([name, content]) => ({ name, content })));
}

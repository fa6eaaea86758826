import type { Digest } from '../../hashing/digest.js';
import { isCoded } from '../../runtime/coded-error.js';
import { type ImageConfig, MAX_CONFIG_BYTES, readImageConfig } from '../document/image-config.js';
import { MAX_MANIFEST_DOCUMENT_BYTES, readImageManifest } from '../document/image-manifest.js';
import type { Compression } from '../document/media-type.js';
import type { BlobSource } from '../source/blob-source.js';
import type { ImageTarget } from '../source/image-source.js';
import { type BlobFault, type BlobState, toUnreadable } from './blob-state.js';
import { inflationLimit, MAX_IMAGE_BYTES } from './inflation-limit.js';
import { readBlob } from './read-blob.js';
import type { ReadOptions } from './read-options.js';
import { type LayerSink, type LayerState, verifyLayer } from './verify-layer.js';

export interface ClosureOptions extends ReadOptions {
  /** Bytes each layer may inflate to, in order: the signed sizes. Without them by `inflationLimit`. */
  readonly uncompressedSizes?: readonly number[];
  /** Gets the uncompressed bytes of the layer with that index. */
  readonly sink?: (index: number) => LayerSink;
}

/** Everything an image consists of, held against the digests that name it. */
export interface Closure {
  /** Of a docker archive, which has none: null. */
  readonly manifest: DocumentBlob | null;
  /** Undefined when the manifest could not be read. */
  readonly config: ConfigBlob | undefined;
  /** In order; empty when config or manifest could not be read. */
  readonly layers: readonly LayerBlob[];
}

export interface DocumentBlob {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly state: BlobState;
}

export interface ConfigBlob {
  readonly digest: Digest;
  readonly size: number;
  readonly state: ConfigState;
}

/** The bytes are what a publisher signs. */
export type ConfigState = { readonly state: 'ok'; readonly bytes: Buffer; readonly content: ImageConfig } | BlobFault;

export interface LayerBlob {
  /** Of the stored bytes; null in a docker archive. */
  readonly digest: Digest | null;
  readonly mediaType: string;
  /** Stored bytes. */
  readonly size: number;
  /** As the config pins it. */
  readonly diffId: Digest;
  readonly state: LayerState;
}

/** What a manifest, or the list in a docker archive, says an image consists of. */
interface Parts {
  readonly config: { readonly digest: Digest; readonly size: number };
  readonly layers: readonly {
    readonly key: Digest;
    readonly digest: Digest | null;
    readonly mediaType: string;
    readonly compression: Compression;
    readonly size: number;
  }[];
}

/**
 * Reads an image whole: manifest, config, layers, each blob held against size and digest, each layer also against its
 * diff id. What is wrong is a value; a document that is wrong is not followed.
 * @param target one manifest; an index is resolved before (`resolveManifest`)
 * @throws CodedError('request.cancelled'), and what a sink threw
 */
export async function verifyClosure(
  source: BlobSource,
  target: ImageTarget,
  options: ClosureOptions = {},
): Promise<Closure> {
  const { manifest, parts } = await readParts(source, target, options);
  if (parts === undefined) return { manifest, config: undefined, layers: [] };
  const config = await readConfig(source, parts, options);
  if (config.state.state !== 'ok') return { manifest, config, layers: [] };
  return { manifest, config, layers: await verifyLayers(source, parts, config.state.content.diffIds, options) };
}

async function readParts(
  source: BlobSource,
  target: ImageTarget,
  options: ReadOptions,
): Promise<{ manifest: DocumentBlob | null; parts: Parts | undefined }> {
  if (target.kind === 'docker-archive') {
    const layers = target.layers.map(({ diffId, ...layer }) => ({ ...layer, key: diffId, digest: null }));
    return { manifest: null, parts: { config: target.config, layers } };
  }
  const { digest, mediaType, size } = target.descriptor;
  const blob = await readBlob(source, target.descriptor, MAX_MANIFEST_DOCUMENT_BYTES, options);
  const failed = (state: BlobFault): { manifest: DocumentBlob; parts: undefined } => ({
    manifest: { digest, mediaType, size, state },
    parts: undefined,
  });
  if (blob.state !== 'ok') return failed(blob);
  const read = orFault(() => readImageManifest(blob.bytes, 'the manifest'));
  if ('state' in read) return failed(read);
  if (read.mediaType !== undefined && read.mediaType !== mediaType) {
    return failed({ state: 'unreadable', reason: 'the manifest says another media type than its descriptor' });
  }
  const layers = read.layers.map((layer) => ({ ...layer, key: layer.digest }));
  return { manifest: { digest, mediaType, size, state: { state: 'ok' } }, parts: { config: read.config, layers } };
}

async function readConfig(source: BlobSource, { config, layers }: Parts, options: ReadOptions): Promise<ConfigBlob> {
  const { digest, size } = config;
  const failed = (state: BlobFault): ConfigBlob => ({ digest, size, state });
  const blob = await readBlob(source, config, MAX_CONFIG_BYTES, options);
  if (blob.state !== 'ok') return failed(blob);
  const read = orFault(() => readImageConfig(blob.bytes, 'the config'));
  if ('state' in read) return failed(read);
  if (read.diffIds.length !== layers.length) {
    const counts = `${String(read.diffIds.length)} layers, the manifest lists ${String(layers.length)}`;
    return failed({ state: 'unreadable', reason: `the config pins ${counts}` });
  }
  return { digest, size, state: { state: 'ok', bytes: blob.bytes, content: read } };
}

async function verifyLayers(
  source: BlobSource,
  { layers }: Parts,
  diffIds: readonly Digest[],
  { uncompressedSizes, sink, ...options }: ClosureOptions,
): Promise<LayerBlob[]> {
  const verified: LayerBlob[] = [];
  const known = new Map<string, LayerState>();
  let left = MAX_IMAGE_BYTES;
  for (const [index, { key, digest, mediaType, compression, size }] of layers.entries()) {
    const diffId = diffIds[index] ?? key;
    const maxUncompressedSize = Math.min(left, uncompressedSizes?.[index] ?? inflationLimit(size));
    const layer = { key, digest, size, compression, diffId, maxUncompressedSize };
    // one layer can be listed hundreds of times; who applies layers needs each anew
    const same = JSON.stringify(layer);
    const before = sink === undefined ? known.get(same) : undefined;
    const state = before ?? (await verifyLayer(source, layer, options, sink?.(index)));
    known.set(same, state);
    if (state.state === 'ok') left -= state.uncompressedSize;
    verified.push({ digest, mediaType, size, diffId, state });
  }
  return verified;
}

/** A document that is malformed makes its blob unreadable. */
function orFault<T extends object>(read: () => T): T | BlobFault {
  try {
    return read();
  } catch (error) {
    if (isCoded(error, 'image.malformed') || isCoded(error, 'image.unsupported')) return toUnreadable(error);
    throw error;
  }
}

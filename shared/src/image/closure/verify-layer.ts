import { createHash } from 'node:crypto';
import type { Digest } from '../../hashing/digest.js';
import { isCoded } from '../../runtime/coded-error.js';
import { inflate } from '../compression/inflate.js';
import type { Compression } from '../document/media-type.js';
import type { BlobSource } from '../source/blob-source.js';
import { type BlobFault, toUnreadable } from './blob-state.js';
import { hashBlob } from './hash-blob.js';
import { type ReadOptions, WorkSlices } from './read-options.js';

export interface ExpectedLayer {
  /** Under which the source has it. */
  readonly key: Digest;
  /** Of the stored bytes; null when nothing pins them, as in a docker archive. */
  readonly digest: Digest | null;
  /** Stored bytes. */
  readonly size: number;
  readonly compression: Compression;
  /** Of the uncompressed bytes. */
  readonly diffId: Digest;
  /** More uncompressed bytes than these are not looked at. */
  readonly maxUncompressedSize: number;
}

/** Gets a layer's uncompressed bytes as they flow by, before anything is known about the whole. */
export interface LayerSink {
  /** Yields where the caller may pause. */
  push(chunk: Uint8Array): Generator<void>;
  end(): void;
}

export type LayerState = { readonly state: 'ok'; readonly uncompressedSize: number } | BlobFault;

/**
 * One pass over a layer: the digest of what is stored and the digest of what comes out, in constant memory.
 * @throws CodedError('request.cancelled'), and what the sink threw, if the layer itself is right
 */
export async function verifyLayer(
  source: BlobSource,
  layer: ExpectedLayer,
  options: ReadOptions = {},
  sink?: LayerSink,
): Promise<LayerState> {
  const stored = new StoredBytes(source, layer, options);
  const feed = sink === undefined ? undefined : new SinkFeed(sink);
  const slices = new WorkSlices(options);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const there = await source.size(layer.key);
    if (there === undefined) return { state: 'missing' };
    if (there !== layer.size) return { state: 'size-mismatch', observed: there };
    for await (const chunk of inflate(stored.chunks(), layer.compression)) {
      bytes += chunk.length;
      if (bytes > layer.maxUncompressedSize) return { state: 'inflates-too-far', limit: layer.maxUncompressedSize };
      hash.update(chunk);
      await feed?.push(chunk, slices);
      await slices.spend(chunk.length);
    }
  } catch (error) {
    if (isCoded(error, 'request.cancelled')) throw error;
    if (stored.tooLong) return { state: 'size-mismatch', observed: stored.bytes };
    return await causeOf(error, source, layer, options);
  }
  const fault = stored.fault();
  if (fault !== undefined) return fault;
  const diffId: Digest = `sha256:${hash.digest('hex')}`;
  if (diffId !== layer.diffId) return { state: 'diff-id-mismatch', observed: diffId };
  feed?.end();
  return { state: 'ok', uncompressedSize: bytes };
}

/** Bytes that can't be inflated are mostly bytes that were changed: that is the better answer, and worth a second look. */
async function causeOf(
  error: unknown,
  source: BlobSource,
  { key, digest, size }: ExpectedLayer,
  options: ReadOptions,
): Promise<BlobFault> {
  const changed = key === digest ? await hashBlob(source, { digest, size }, options) : undefined;
  return changed ?? toUnreadable(error);
}

/** The stored side: counted and hashed on its way to be inflated. */
class StoredBytes {
  bytes = 0;
  readonly #source: BlobSource;
  readonly #layer: ExpectedLayer;
  readonly #options: ReadOptions;
  readonly #hash = createHash('sha256');
  #exhausted = false;

  constructor(source: BlobSource, layer: ExpectedLayer, options: ReadOptions) {
    this.#source = source;
    this.#layer = layer;
    this.#options = options;
  }

  get tooLong(): boolean {
    return this.bytes > this.#layer.size;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const { key, size, digest } = this.#layer;
    const slices = new WorkSlices(this.#options);
    for await (const chunk of this.#source.read(key, size + 1)) {
      this.bytes += chunk.length;
      if (this.tooLong) throw new Error('more bytes than the descriptor says');
      this.#options.onBytes?.(chunk.length);
      // an archive that pins nothing is told by what comes out
      if (digest !== null) this.#hash.update(chunk);
      yield chunk;
      await slices.spend(chunk.length);
    }
    this.#exhausted = true;
  }

  /** Once all was inflated. */
  fault(): BlobFault | undefined {
    const { size, digest } = this.#layer;
    // zlib stops at zeros behind the last member; Go's reader, and so containerd, refuses them
    if (!this.#exhausted) return { state: 'unreadable', reason: 'bytes follow the end of the compressed data' };
    if (this.bytes !== size) return { state: 'size-mismatch', observed: this.bytes };
    if (digest === null) return undefined;
    const observed: Digest = `sha256:${this.#hash.digest('hex')}`;
    return observed === digest ? undefined : { state: 'digest-mismatch', observed };
  }
}

/** A sink that failed gets nothing more; its error counts only if the bytes were the right ones. */
class SinkFeed {
  readonly #sink: LayerSink;
  #failure: { readonly error: unknown } | undefined;

  constructor(sink: LayerSink) {
    this.#sink = sink;
  }

  async push(chunk: Uint8Array, slices: WorkSlices): Promise<void> {
    if (this.#failure !== undefined) return;
    const work = this.#sink.push(chunk);
    for (;;) {
      try {
        if (work.next().done === true) return;
      } catch (error) {
        this.#failure = { error };
        return;
      }
      await slices.pause();
    }
  }

  end(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#sink.end();
  }
}

import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { hashBlob } from '@sealwatch/shared/image/closure/hash-blob.js';
import type { ReadOptions } from '@sealwatch/shared/image/closure/read-options.js';
import { type ExpectedLayer, type LayerState, verifyLayer } from '@sealwatch/shared/image/closure/verify-layer.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { ContainerdBlobs } from './containerd-blobs.js';

/** A stored layer is read again after this at the latest, whatever its file says about itself. */
const DEEP_EVERY_MS = 24 * 60 * 60_000;

export interface StoredLayer extends ExpectedLayer {
  readonly digest: Digest;
}

interface Remembered {
  readonly state: LayerState;
  /** `ContainerdBlobs.stateOf` before and after it was read. */
  readonly file: string | null;
  /** Monotonic. */
  readonly readAt: number;
}

/**
 * What the stored layers turned out to be, read as seldom as that allows: when first seen, when the file is another or
 * was written, when somebody wants to know now, and once a day. Bytes that have the right digest inflate to what they
 * inflated to before: a layer that was good is inflated once, and only its stored bytes are hashed again.
 */
export class LayerMemory {
  readonly #clock: Clock;
  readonly #known = new Map<string, Remembered>();
  readonly #used = new Set<string>();

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  /** @throws CodedError('request.cancelled') */
  async verify(
    blobs: ContainerdBlobs,
    layer: StoredLayer,
    { fresh, ...options }: ReadOptions & { readonly fresh: boolean },
  ): Promise<LayerState> {
    const key = keyOf(layer);
    this.#used.add(key);
    const file = await stateOf(blobs, layer.digest);
    const known = this.#known.get(key);
    if (known !== undefined && !fresh && known.file === file && !this.#isDue(layer.digest, known)) return known.state;
    const state = await read(blobs, layer, known, options);
    // what could not be read is tried again
    if (state.state === 'missing' || state.state === 'unreadable') this.#known.delete(key);
    // written meanwhile: true for now, and read again next time
    else if ((await stateOf(blobs, layer.digest)) === file) {
      this.#known.set(key, { state, file, readAt: this.#clock.monotonic() });
    }
    return state;
  }

  /** Layers that were not asked about since the last call are no longer remembered. */
  forgetUnused(): void {
    for (const key of this.#known.keys()) if (!this.#used.has(key)) this.#known.delete(key);
    this.#used.clear();
  }

  /** Each layer at a pace of its own, between half an interval and a whole one: so they don't all come due at once. */
  #isDue(digest: Digest, { readAt }: Remembered): boolean {
    const part = Number.parseInt(digest.slice('sha256:'.length, 'sha256:'.length + 4), 16) / 0x10000;
    return this.#clock.monotonic() - readAt >= DEEP_EVERY_MS * (1 - part / 2);
  }
}

async function read(
  blobs: ContainerdBlobs,
  layer: StoredLayer,
  known: Remembered | undefined,
  options: ReadOptions,
): Promise<LayerState> {
  if (known?.state.state !== 'ok') return verifyLayer(blobs, layer, options);
  return (await hashBlob(blobs, layer, options)) ?? known.state;
}

async function stateOf(blobs: ContainerdBlobs, digest: Digest): Promise<string | null> {
  return blobs.stateOf(digest).catch(() => null);
}

function keyOf({ digest, size, compression, diffId, maxUncompressedSize }: StoredLayer): string {
  return [digest, size, compression, diffId, maxUncompressedSize].join(' ');
}

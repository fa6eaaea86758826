import { CodedError } from '../../runtime/coded-error.js';
import { faultText } from './blob-state.js';
import { readBlob } from './read-blob.js';
import type { ReadOptions } from './read-options.js';
import type { BlobSource } from '../source/blob-source.js';
import type { Descriptor } from '../document/descriptor.js';
import { type IndexEntry, MAX_INDEX_BYTES, readImageIndex } from '../document/image-index.js';
import { blobKindOf, isIndex } from '../document/media-type.js';
import { type Platform, platformMatches, platformText } from '../document/platform.js';

/** Indexes in indexes: two are common. */
const MAX_DEPTH = 4;
/** Documents read for one answer. */
const MAX_INDEXES = 64;

/**
 * From a descriptor to the manifest of one platform. A manifest is its own answer; of an index the first manifest that
 * matches, depth first. An index may name itself or thousands of others: each is read once, a bounded number in all.
 * @throws CodedError('image.not-found') naming the platforms there are, ('image.malformed' | 'image.unsupported' | 'limit.exceeded')
 */
export async function resolveManifest(
  source: BlobSource,
  descriptor: Descriptor,
  platform: Platform,
  options: ReadOptions = {},
): Promise<Descriptor> {
  const search = new PlatformSearch(source, platform, options);
  const found = await search.below(descriptor, 0);
  if (found !== undefined) return found;
  const offered = [...search.offered].sort().slice(0, 20).join(', ');
  throw new CodedError(
    'image.not-found',
    `the image has nothing for ${platformText(platform)}; it is for: ${offered === '' ? 'no platform' : offered}`,
  );
}

class PlatformSearch {
  readonly offered = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #source: BlobSource;
  readonly #platform: Platform;
  readonly #options: ReadOptions;

  constructor(source: BlobSource, platform: Platform, options: ReadOptions) {
    this.#source = source;
    this.#platform = platform;
    this.#options = options;
  }

  async below(descriptor: Descriptor | IndexEntry, depth: number): Promise<Descriptor | undefined> {
    const { mediaType, digest, size } = descriptor;
    const { kind } = blobKindOf(mediaType);
    if (kind === 'manifest') return { mediaType, digest, size };
    if (kind !== 'index') throw new CodedError('image.malformed', `${digest} is neither an index nor a manifest`);
    if (this.#seen.has(digest)) return undefined;
    this.#seen.add(digest);
    if (depth >= MAX_DEPTH || this.#seen.size > MAX_INDEXES) {
      throw new CodedError(
        'limit.exceeded',
        `the image's indexes nest deeper than ${String(MAX_DEPTH)} or are too many`,
      );
    }
    const index = await this.#read(descriptor);
    for (const entry of index) {
      if (!this.#matches(entry, index)) continue;
      const found = await this.below(entry, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Without a platform an entry counts if it is an index, or the only one: then its config decides. */
  #matches({ platform, mediaType }: IndexEntry, index: readonly IndexEntry[]): boolean {
    if (platform === undefined) return index.length === 1 || isIndex(mediaType);
    this.offered.add(platformText(platform));
    return platformMatches(this.#platform, platform);
  }

  async #read(descriptor: Descriptor): Promise<readonly IndexEntry[]> {
    const { digest, mediaType } = descriptor;
    const blob = await readBlob(this.#source, descriptor, MAX_INDEX_BYTES, this.#options);
    if (blob.state !== 'ok') throw new CodedError('image.malformed', `index ${digest} ${faultText(blob)}`);
    const index = readImageIndex(blob.bytes, `index ${digest}`);
    if (index.mediaType !== undefined && index.mediaType !== mediaType) {
      throw new CodedError('image.malformed', `index ${digest} says another media type than its descriptor`);
    }
    return index.entries;
  }
}

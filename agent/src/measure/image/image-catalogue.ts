import { createHash } from 'node:crypto';
import type { ContainerdImage } from '@sealwatch/shared/containerd/containerd-image.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { ReadOptions } from '@sealwatch/shared/image/closure/read-options.js';
import type { Descriptor } from '@sealwatch/shared/image/document/descriptor.js';
import { throwIfStopped } from '../throw-if-stopped.js';
import type { ContainerdBlobs } from './containerd-blobs.js';
import { type ImageDocuments, readDocuments } from './image-documents.js';

/** One thing that names point to. */
export interface NamedTarget {
  readonly descriptor: Descriptor;
  /** Sorted. */
  readonly names: readonly string[];
  /** By content; undefined if it could not be told. */
  readonly identity: ImageIdentity | undefined;
}

export interface ImageIdentity {
  readonly config: Digest;
  /** Of all layers: the key of the snapshot that containerd unpacks the image to. */
  readonly chainId: string;
}

/**
 * Which image each name of containerd's list stands for. What a digest leads to is always the same, so it is read once;
 * whoever wants to know whether the blobs are still right reads them again.
 */
export class ImageCatalogue {
  readonly #known = new Map<Digest, ImageIdentity>();

  /**
   * In the order of their digests. A name that points to no sha256 digest is left out.
   * @throws CodedError('request.cancelled')
   */
  async targets(
    images: readonly ContainerdImage[],
    blobs: ContainerdBlobs,
    options: ReadOptions & { readonly pause: () => Promise<void> },
  ): Promise<readonly NamedTarget[]> {
    const found = new Map<Digest, { descriptor: Descriptor; names: string[] }>();
    for (const { name, target } of images) {
      const { digest, mediaType, size } = target;
      if (digest === undefined) continue;
      const same = found.get(digest);
      if (same === undefined) found.set(digest, { descriptor: { digest, mediaType, size }, names: [name] });
      else same.names.push(name);
    }
    for (const digest of this.#known.keys()) if (!found.has(digest)) this.#known.delete(digest);
    const targets: NamedTarget[] = [];
    for (const [digest, { descriptor, names }] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
      throwIfStopped(options.signal);
      let identity = this.#known.get(digest);
      if (identity === undefined) {
        await options.pause();
        identity = identityOf(await readDocuments(blobs, descriptor, options));
      }
      if (identity !== undefined) this.#known.set(digest, identity);
      targets.push({ descriptor, names: names.sort(), identity });
    }
    return targets;
  }
}

function identityOf(documents: ImageDocuments): ImageIdentity | undefined {
  if (documents.state === 'faulty') return undefined;
  return { config: documents.config, chainId: chainIdOf(documents.diffIds) };
}

/** OCI image-spec 1.1, config.md, "Layer ChainID"; of no layers the empty key. */
export function chainIdOf(diffIds: readonly Digest[]): string {
  return diffIds.reduce<string>(
    (below, diffId) =>
      below === '' ? diffId : `sha256:${createHash('sha256').update(`${below} ${diffId}`).digest('hex')}`,
    '',
  );
}

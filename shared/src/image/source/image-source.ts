import type { Digest } from '../../hashing/digest.js';
import type { Descriptor } from '../document/descriptor.js';
import type { BlobSource } from './blob-source.js';

/** Where images are: a layout, an archive, containerd. Holds descriptors: close it. */
export interface ImageSource {
  readonly blobs: BlobSource;
  /**
   * What a name stands for; without a name the only image there is.
   * @throws CodedError('image.not-found') naming those there are
   */
  find(name: string | undefined): Promise<ImageTarget>;
  close(): Promise<void>;
}

/** An index or manifest, or what a docker archive has instead. */
export type ImageTarget = DescriptorTarget | DockerArchiveTarget;

export interface DescriptorTarget {
  readonly kind: 'descriptor';
  readonly descriptor: Descriptor;
}

/** A docker archive names no manifest; its layers are known by their diff ids, and its source gives them under these. */
export interface DockerArchiveTarget {
  readonly kind: 'docker-archive';
  readonly config: { readonly digest: Digest; readonly size: number };
  /** In order. */
  readonly layers: readonly DockerArchiveLayer[];
}

export interface DockerArchiveLayer {
  readonly diffId: Digest;
  readonly mediaType: string;
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** Bytes as stored. */
  readonly size: number;
}

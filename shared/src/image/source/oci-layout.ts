import * as z from 'zod/mini';
import type { Digest } from '../../hashing/digest.js';
import { CodedError } from '../../runtime/coded-error.js';
import { printable } from '../../runtime/printable.js';
import { type IndexEntry, MAX_INDEX_BYTES, readImageIndex } from '../document/image-index.js';
import { readDocument } from '../document/read-document.js';
import type { BlobSource } from './blob-source.js';
import type { ImageSource, ImageTarget } from './image-source.js';
import { type NamedFiles, readNamedFile } from './named-files.js';

const layoutSchema = z.object({ imageLayoutVersion: z.literal('1.0.0') });

/** An OCI image layout (image-spec 1.1, image-layout.md), as a directory or as an archive. */
export class OciLayout implements ImageSource {
  readonly blobs: BlobSource;
  readonly #files: NamedFiles;
  readonly #index: readonly IndexEntry[];

  /** @throws CodedError('image.malformed') */
  static async open(files: NamedFiles): Promise<OciLayout> {
    const { place } = files;
    readDocument(await readNamedFile(files, 'oci-layout', 4096), layoutSchema, {
      what: `oci-layout in ${place}`,
      maxBytes: 4096,
    });
    const bytes = await readNamedFile(files, 'index.json', MAX_INDEX_BYTES);
    return new OciLayout(files, readImageIndex(bytes, `index.json in ${place}`).entries);
  }

  private constructor(files: NamedFiles, index: readonly IndexEntry[]) {
    this.#files = files;
    this.#index = index;
    this.blobs = {
      size: (digest) => files.size(blobName(digest)),
      read: (digest, limit) => files.read(blobName(digest), limit),
    };
  }

  find(name: string | undefined): Promise<ImageTarget> {
    const found = this.#index.filter(({ names }) => name === undefined || names.includes(name));
    const [only] = found;
    if (only === undefined || found.length > 1) {
      const wanted = name === undefined ? 'name one' : `${String(found.length)} are named ${printable(name)}`;
      const all = this.#index.flatMap(({ names }) => names.slice(0, 1));
      const there = all.length === 0 ? 'none with a name' : printable(all.slice(0, 20).join(', '));
      const text = `${this.#files.place} has ${String(this.#index.length)} images, ${wanted}; there are: ${there}`;
      return Promise.reject(new CodedError('image.not-found', text));
    }
    const { mediaType, digest, size } = only;
    return Promise.resolve({ kind: 'descriptor', descriptor: { mediaType, digest, size } });
  }

  async close(): Promise<void> {
    await this.#files.close();
  }
}

function blobName(digest: Digest): string {
  return `blobs/sha256/${digest.slice('sha256:'.length)}`;
}

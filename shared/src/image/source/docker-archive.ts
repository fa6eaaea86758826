import * as z from 'zod/mini';
import { type Digest, sha256 } from '../../hashing/digest.js';
import { CodedError } from '../../runtime/coded-error.js';
import { printable } from '../../runtime/printable.js';
import { detectCompression } from '../compression/detect-compression.js';
import { MAX_CONFIG_BYTES, readImageConfig } from '../document/image-config.js';
import { MAX_INDEX_BYTES } from '../document/image-index.js';
import { MAX_LAYERS } from '../document/image-manifest.js';
import { DOCKER_LAYER } from '../document/media-type.js';
import { readDocument } from '../document/read-document.js';
import type { BlobSource } from './blob-source.js';
import type { DockerArchiveLayer, ImageSource, ImageTarget } from './image-source.js';
import { type NamedFiles, readNamedFile } from './named-files.js';

const manifestSchema = z
  .array(
    z.object({
      Config: z.string(),
      RepoTags: z.nullish(z.array(z.string())),
      Layers: z.array(z.string()).check(z.maxLength(MAX_LAYERS)),
    }),
  )
  .check(z.maxLength(1000));

type ArchivedImage = z.output<typeof manifestSchema>[number];

/** What `docker save` and `skopeo copy … docker-archive:` write: a list of files, pinned by the config's diff ids alone. */
export class DockerArchive implements ImageSource {
  readonly blobs: BlobSource;
  readonly #files: NamedFiles;
  readonly #images: readonly ArchivedImage[];
  /** Where the blobs of the images that were asked for are. */
  readonly #names = new Map<Digest, string>();

  /** @throws CodedError('image.malformed') */
  static async open(files: NamedFiles): Promise<DockerArchive> {
    const bytes = await readNamedFile(files, 'manifest.json', MAX_INDEX_BYTES);
    const what = `manifest.json in ${files.place}`;
    return new DockerArchive(files, readDocument(bytes, manifestSchema, { what, maxBytes: MAX_INDEX_BYTES }));
  }

  private constructor(files: NamedFiles, images: readonly ArchivedImage[]) {
    this.#files = files;
    this.#images = images;
    this.blobs = {
      size: async (digest) => {
        const name = this.#names.get(digest);
        return name === undefined ? undefined : files.size(name);
      },
      read: (digest, limit) => files.read(this.#names.get(digest) ?? '', limit),
    };
  }

  async find(name: string | undefined): Promise<ImageTarget> {
    const image = this.#select(name);
    const bytes = await readNamedFile(this.#files, image.Config, MAX_CONFIG_BYTES);
    const { diffIds } = readImageConfig(bytes, `the config in ${this.#files.place}`);
    if (diffIds.length !== image.Layers.length) {
      const counts = `${String(image.Layers.length)} layers, its config pins ${String(diffIds.length)}`;
      throw new CodedError('image.malformed', `${this.#files.place} lists ${counts}`);
    }
    const config = { digest: sha256(bytes), size: bytes.length };
    this.#names.set(config.digest, image.Config);
    const layers: DockerArchiveLayer[] = [];
    for (const [index, diffId] of diffIds.entries()) layers.push(await this.#layer(diffId, image.Layers[index] ?? ''));
    return { kind: 'docker-archive', config, layers };
  }

  async close(): Promise<void> {
    await this.#files.close();
  }

  #select(name: string | undefined): ArchivedImage {
    const found = this.#images.filter(({ RepoTags }) => name === undefined || RepoTags?.includes(name) === true);
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    const tags = this.#images.flatMap(({ RepoTags }) => RepoTags ?? []);
    throw new CodedError(
      'image.not-found',
      `${this.#files.place} has ${String(this.#images.length)} images, ` +
        `${name === undefined ? 'name one' : `${String(found.length)} are named ${printable(name)}`}; ` +
        `there are: ${tags.length === 0 ? 'none with a name' : printable(tags.slice(0, 20).join(', '))}`,
    );
  }

  async #layer(diffId: Digest, name: string): Promise<DockerArchiveLayer> {
    const size = await this.#files.size(name);
    if (size === undefined) {
      throw new CodedError('image.malformed', `${this.#files.place} has no layer ${printable(name)}`);
    }
    this.#names.set(diffId, name);
    const compression = detectCompression(await this.#head(name));
    const mediaType = compression === 'none' ? DOCKER_LAYER : `${DOCKER_LAYER}.${compression}`;
    return { diffId, mediaType, compression, size };
  }

  async #head(name: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#files.read(name, 4)) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  }
}

import type { BlobSource } from '../image/source/blob-source.js';
import type { DescriptorTarget, ImageSource } from '../image/source/image-source.js';
import { CodedError } from '../runtime/coded-error.js';
import { printable } from '../runtime/printable.js';
import type { Answer } from './answer.js';
import type { Containerd } from './containerd.js';
import { servedBlobs } from './served-blobs.js';
import type { ContainerdImage } from './containerd-image.js';
import { formatImageReference, parseImageReference } from './image-reference.js';

/** The images of one namespace. Takes the connection over: closing this closes it. */
export class ContainerdImageSource implements ImageSource {
  readonly blobs: BlobSource;
  readonly #containerd: Containerd;

  constructor(containerd: Containerd, options: { readonly signal?: AbortSignal } = {}) {
    this.#containerd = containerd;
    this.blobs = servedBlobs(containerd, options);
  }

  /** By the name as it is written, then by the one in full. @throws CodedError('image.not-found' | 'file.unreadable' | 'image.unsupported') */
  async find(name: string | undefined): Promise<DescriptorTarget> {
    for (const candidate of candidates(name)) {
      const image = given(await this.#containerd.image(candidate));
      if (image !== undefined) return { kind: 'descriptor', descriptor: descriptorOf(image) };
    }
    const images = given(await this.#containerd.images());
    const [only] = images;
    if (name === undefined && only !== undefined && images.length === 1) {
      return { kind: 'descriptor', descriptor: descriptorOf(only) };
    }
    throw new CodedError(
      'image.not-found',
      `containerd has ${String(images.length)} images, ` +
        `${name === undefined ? 'name one' : `none is named ${printable(name)}`}; there are: ${namesOf(images)}`,
    );
  }

  close(): Promise<void> {
    this.#containerd.close();
    return Promise.resolve();
  }
}

function candidates(name: string | undefined): ReadonlySet<string> {
  if (name === undefined) return new Set();
  const reference = parseImageReference(name);
  return new Set(reference === undefined ? [name] : [name, formatImageReference(reference)]);
}

function descriptorOf({ name, target }: ContainerdImage): DescriptorTarget['descriptor'] {
  const { mediaType, digest, size } = target;
  if (digest === undefined) {
    throw new CodedError('image.unsupported', `the image ${printable(name)} is not known by a sha256 digest`);
  }
  return { mediaType, digest, size };
}

/** The kubelet's containerd names each image by its id, too: that says nothing. */
function namesOf(images: readonly ContainerdImage[]): string {
  const names = images.map(({ name }) => name).filter((name) => !name.startsWith('sha256:'));
  return names.length === 0 ? 'none with a name' : printable([...names].sort().slice(0, 20).join(', '));
}

function given<T>(answer: Answer<T>): T {
  if (answer.state === 'unavailable') throw new CodedError('file.unreadable', answer.reason);
  return answer.value;
}

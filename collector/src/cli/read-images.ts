import type { Io } from '@sealwatch/shared/cli/io.js';
import { readImage } from '@sealwatch/shared/image/read-image.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Platform } from '@sealwatch/shared/image/document/platform.js';
import { type DescribedImage, describeImage } from '../publishing/describe-image.js';
import { type ImageContent, imageContent } from '../publishing/image-content.js';
import { type ImagePlaces, openImage } from '../publishing/open-image.js';
import { countBytes } from './count-bytes.js';
import type { WantedImage } from './image-options.js';

/** An image that was read: what a manifest lists of it, and its bytes for signing. */
export type ImageAtHand = DescribedImage & { readonly content: ImageContent };

/**
 * Reads one image after the other, with progress on a terminal; all that are wrong are named at once.
 * @throws CodedError as `readImage` and `describeImage` do
 */
export async function readImages(
  io: Io,
  images: readonly WantedImage[],
  { platform, places }: { platform: Platform; places: ImagePlaces },
): Promise<ImageAtHand[]> {
  const counter = countBytes(io);
  const problems: CodedError[] = [];
  const read: ImageAtHand[] = [];
  try {
    for (const wanted of images) {
      try {
        read.push(await readOne(wanted, { platform, places, onBytes: counter.onBytes(wanted.name) }));
      } catch (error) {
        if (io.signal.aborted || !(error instanceof CodedError)) throw error;
        problems.push(
          new CodedError(error.code, `image ${whereOf(wanted, places)}: ${error.message}`, { cause: error }),
        );
      }
    }
  } finally {
    counter.done();
  }
  const [first] = problems;
  if (first === undefined) return read;
  throw new CodedError(first.code, problems.map(({ message }) => message).join('\n'), { cause: first });
}

/** Sources on the disk are named by their own errors. */
function whereOf({ name, location }: WantedImage, { containerd }: ImagePlaces): string {
  if (location.kind !== 'containerd') return name;
  return `${name} in containerd at ${containerd.socket}, namespace ${containerd.namespace}`;
}

async function readOne(
  wanted: WantedImage,
  { platform, places, onBytes }: { platform: Platform; places: ImagePlaces; onBytes: (bytes: number) => void },
): Promise<ImageAtHand> {
  const { signal } = places;
  const { name, location } = wanted;
  const open = (): ReturnType<typeof openImage> => openImage(location, places);
  const source = await open();
  try {
    const image = await readImage(source, location.name, { platform, signal, onBytes });
    const content = imageContent({ image, name: location.name, open, signal });
    return { ...describeImage(name, image, wanted), content };
  } finally {
    await source.close();
  }
}

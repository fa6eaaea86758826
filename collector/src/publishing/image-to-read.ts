import type { ImageLocation } from '@sealwatch/shared/image/source/image-location.js';

/** An image component as its publisher asks for it. */
export interface ImageToRead {
  readonly name: string;
  /** Where it is; of a layout or an archive with a path relative to the working directory. */
  readonly location: ImageLocation;
  /** As the publisher wrote it, for messages. */
  readonly shown: string;
}

/** What a publisher adds to an image of that name. */
export interface ImageWishes {
  /** References hosts may know it by, in full. */
  readonly references: readonly string[];
  /** Path texts of what a container's first process may be; none: what the image and its name suggest. */
  readonly commands: readonly string[];
}

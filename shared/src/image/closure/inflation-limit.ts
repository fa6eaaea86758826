const GIB = 1024 ** 3;

/** All layers of one image together. */
export const MAX_IMAGE_BYTES: number = 64 * GIB;

/** A layer of this size is no bomb, however small its blob. */
const SMALL = GIB;
/** Program files deflate to a third; only text that repeats gets near this. */
const MAX_RATIO = 100;

/** Bytes that a layer with no signed size may inflate to. @param size stored bytes */
export function inflationLimit(size: number): number {
  return Math.min(MAX_IMAGE_BYTES, Math.max(SMALL, MAX_RATIO * size));
}

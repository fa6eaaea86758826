import type { ByteSource } from './byte-source.js';

const WINDOW_BYTES = 256 * 1024;

/**
 * Shows every byte from `start` up to `end` once, in windows; each window also holds the first `overlap` bytes of the
 * next, so that nothing shorter is missed between two. Stops early where the source ends or `visit` answers false.
 * The window is only good during the call.
 * @param visit given the window, its position, and how many of its bytes are its own
 */
export async function scanWindows(
  source: ByteSource,
  { start, end, overlap }: { readonly start: number; readonly end: number; readonly overlap: number },
  visit: (window: Buffer, position: number, own: number) => unknown,
): Promise<void> {
  if (end <= start) return;
  const buffer = Buffer.allocUnsafeSlow(Math.min(WINDOW_BYTES, end - start) + overlap);
  for (let position = start; position < end;) {
    const wanted = Math.min(buffer.length, end - position);
    const read = await source.readInto(buffer.subarray(0, wanted), position);
    const own = Math.min(read, WINDOW_BYTES);
    if (own === 0 || visit(buffer.subarray(0, read), position, own) === false) return;
    position += own;
  }
}

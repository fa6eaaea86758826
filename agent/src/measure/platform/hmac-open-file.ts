import { createHmac } from 'node:crypto';
import { readSync } from 'node:fs';
import type { HmacAlgorithm } from '@sealwatch/shared/platform/hmac-sidecar.js';

export interface HmacOptions {
  readonly algorithm: HmacAlgorithm;
  readonly keys: readonly string[];
  /** Stops after so many bytes. */
  readonly limit: number;
  readonly pause?: () => Promise<void>;
  readonly onBytes?: (bytes: number) => void;
}

const READ_BYTES = 128 * 1024;
const SLICE_BYTES = 512 * 1024;
/** The section prelink keeps what it changed in (prelink(8)). */
const PRELINK_UNDO = Buffer.from('.gnu.prelink_undo\0');

/**
 * The HMAC of an open file under each key, hex, in one pass and constant memory; and whether prelink left its mark.
 * @throws what `read` throws
 */
export async function hmacOpenFile(
  fd: number,
  { algorithm, keys, limit, pause = nextTurn, onBytes }: HmacOptions,
): Promise<{ hmacs: string[]; bytes: number; prelinked: boolean }> {
  const hmacs = keys.map((key) => createHmac(algorithm, key));
  // the end of the last chunk stands before the next one, so that a mark across both is found
  const overlap = PRELINK_UNDO.length - 1;
  const buffer = Buffer.alloc(overlap + READ_BYTES);
  let bytes = 0;
  let untilPause = SLICE_BYTES;
  let prelinked = false;
  while (bytes < limit) {
    const read = readSync(fd, buffer, overlap, Math.min(READ_BYTES, limit - bytes), bytes);
    if (read === 0) break;
    for (const hmac of hmacs) hmac.update(buffer.subarray(overlap, overlap + read));
    prelinked ||= buffer.subarray(0, overlap + read).includes(PRELINK_UNDO);
    buffer.copyWithin(0, read, overlap + read);
    bytes += read;
    untilPause -= read;
    onBytes?.(read);
    if (untilPause <= 0) {
      await pause();
      untilPause = SLICE_BYTES;
    }
  }
  return { hmacs: hmacs.map((hmac) => hmac.digest('hex')), bytes, prelinked };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

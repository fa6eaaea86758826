import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { Digest } from './digest.js';

export interface HashOptions {
  /** Bytes hashed between two turns of the event loop. */
  readonly sliceBytes?: number;
  /** Waits between two slices; a budgeted caller sleeps here. Default: one turn of the event loop. */
  readonly pause?: () => Promise<void>;
  /** Told about every read, for the agent's own accounting. */
  readonly onBytes?: (bytes: number) => void;
  /** Stops after so many bytes: a file that grows as fast as it is read would have no end. */
  readonly limit?: number;
}

const READ_BYTES = 128 * 1024;
const SLICE_BYTES = 512 * 1024;

/** Shared by all calls: a read and its update are one synchronous step, so two calls never mix their bytes. */
const buffer = Buffer.allocUnsafeSlow(READ_BYTES);

/**
 * SHA-256 of an open file from its first byte, in constant memory. Synchronous reads into one buffer are more than
 * twice as fast as a stream and need no worker; slices keep the event loop alive meanwhile. The descriptor's own
 * position is neither used nor moved, so the same descriptor can be hashed again.
 * @throws what `read` throws (EIO, EISDIR, EAGAIN …)
 */
export async function hashOpenFile(fd: number, options: HashOptions = {}): Promise<{ digest: Digest; bytes: number }> {
  const { sliceBytes = SLICE_BYTES, pause = nextTurn, onBytes, limit = Number.MAX_SAFE_INTEGER } = options;
  const hash = createHash('sha256');
  let bytes = 0;
  let untilPause = sliceBytes;
  while (bytes < limit) {
    const read = readSync(fd, buffer, 0, Math.min(READ_BYTES, limit - bytes), bytes);
    if (read === 0) break;
    hash.update(read === READ_BYTES ? buffer : buffer.subarray(0, read));
    bytes += read;
    untilPause -= read;
    onBytes?.(read);
    if (untilPause <= 0) {
      await pause();
      untilPause = sliceBytes;
    }
  }
  return { digest: `sha256:${hash.digest('hex')}`, bytes };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

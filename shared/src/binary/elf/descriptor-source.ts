import { readSync } from 'node:fs';
import type { HashOptions } from '../../hashing/hash-file.js';
import type { ByteSource } from './byte-source.js';

const SLICE_BYTES = 512 * 1024;

/**
 * An open file, read where it is asked for; the descriptor's own position is neither used nor moved. Synchronous reads
 * with a turn of the event loop after each slice, as for hashing. `size` is fstat's; for /proc/PID/mem, where memory can be.
 */
export function descriptorSource(fd: number, size: number, options: HashOptions = {}): ByteSource {
  const { sliceBytes = SLICE_BYTES, pause = nextTurn, onBytes } = options;
  let untilPause = sliceBytes;
  return {
    size,
    async readInto(target, position) {
      const wanted = Math.min(target.length, Math.max(size - position, 0));
      let filled = 0;
      while (filled < wanted) {
        const read = readSync(fd, target, filled, Math.min(wanted - filled, SLICE_BYTES), position + filled);
        if (read === 0) break;
        filled += read;
        untilPause -= read;
        onBytes?.(read);
        if (untilPause <= 0) {
          await pause();
          untilPause = sliceBytes;
        }
      }
      return filled;
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

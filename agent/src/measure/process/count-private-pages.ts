import { readSync } from 'node:fs';
import type { ExecutableMapping } from '@sealwatch/shared/proc/executable-mappings.js';
import { pageBytes } from './page-bytes.js';

const ENTRY_BYTES = 8n;
const buffer = Buffer.allocUnsafeSlow(64 * 1024);

/** Bits of the upper half of an entry (Documentation/admin-guide/mm/pagemap.rst). */
const PRESENT = 1 << 31;
const SWAPPED = 1 << 30;
const FILE_OR_SHARED = 1 << 29;

/**
 * Pages of a file's mapping that are no longer the file's: the process has its own copy, which only a write makes.
 * `/proc/PID/pagemap` says so at a hundredth of the price of `smaps`.
 * @param pagemap open
 * @returns null if the kernel does not tell
 */
export function countPrivatePages(pagemap: number, mapping: Pick<ExecutableMapping, 'start' | 'end'>): number | null {
  try {
    return count(pagemap, mapping);
  } catch {
    return null;
  }
}

function count(pagemap: number, { start, end }: Pick<ExecutableMapping, 'start' | 'end'>): number {
  const page = BigInt(pageBytes());
  let pages = 0;
  let at = (start / page) * ENTRY_BYTES;
  const stop = (end / page) * ENTRY_BYTES;
  while (at < stop) {
    const left = stop - at;
    const read = readSync(pagemap, buffer, 0, left < buffer.length ? Number(left) : buffer.length, at);
    if (read === 0) break;
    for (let i = 4; i < read; i += 8) {
      const upper = buffer.readInt32LE(i);
      if ((upper & (PRESENT | SWAPPED)) !== 0 && (upper & FILE_OR_SHARED) === 0) pages++;
    }
    at += BigInt(read);
  }
  return pages;
}

import { closeSync, openSync, readSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';

/** What a reading came to. */
export type TableReading<T> =
  | { readonly state: 'same' }
  | { readonly state: 'changed'; readonly difference: T }
  | { readonly state: 'unreadable'; readonly reason: string };

const FIRST_BYTES = 64 * 1024;

/** Reads a kernel table again and again into the same two buffers, and tells whether it is another. */
export class TableReader {
  readonly #file: string;
  readonly #maxBytes: number;
  #spare: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #kept: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #keptLength = 0;

  constructor(options: { readonly file: string; readonly maxBytes: number }) {
    this.#file = options.file;
    this.#maxBytes = options.maxBytes;
  }

  /**
   * Compared with the last reading that succeeded; before the first there was nothing. Never throws.
   * @param compare must keep no part of the bytes; undefined: these are no such table
   */
  read<T>(compare: (before: Buffer, now: Buffer) => T | undefined): TableReading<T> {
    let length: number | undefined;
    try {
      length = this.#fill();
    } catch (error) {
      return { state: 'unreadable', reason: unreadableReason(error) };
    }
    if (length === undefined) return { state: 'unreadable', reason: `larger than ${String(this.#maxBytes)} bytes` };
    const now = this.#spare.subarray(0, length);
    const before = this.#kept.subarray(0, this.#keptLength);
    if (now.equals(before)) return { state: 'same' };
    const difference = compare(before, now);
    if (difference === undefined) return { state: 'unreadable', reason: 'it is no such table' };
    [this.#spare, this.#kept, this.#keptLength] = [this.#kept, this.#spare, length];
    return { state: 'changed', difference };
  }

  #fill(): number | undefined {
    const fd = openSync(this.#file, 'r');
    try {
      for (let length = 0; ;) {
        if (length === this.#spare.length) {
          if (length >= this.#maxBytes) return undefined;
          const larger = Buffer.allocUnsafeSlow(Math.min(length * 2, this.#maxBytes));
          this.#spare.copy(larger);
          this.#spare = larger;
        }
        const read = readSync(fd, this.#spare, length, this.#spare.length - length, null);
        if (read === 0) return length;
        length += read;
      }
    } finally {
      closeSync(fd);
    }
  }
}

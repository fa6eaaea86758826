import { closeSync, openSync, readSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { isGone } from './is-gone.js';

export type ProcFile =
  | { readonly state: 'read'; readonly bytes: Buffer }
  | { readonly state: 'gone' }
  | { readonly state: 'unreadable'; readonly reason: string };

/** Shared by all calls, each of which is synchronous: most files of procfs fit, and one read gives them. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * A file the kernel makes while it is read: its size is known only at its end. Synchronous, as the kernel answers from
 * memory in microseconds. One that holds more than `maxBytes` is unreadable; one whose process has ended is gone.
 * Never throws.
 */
export function readProcFile(path: string, maxBytes: number): ProcFile {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    let buffer = scratch;
    for (let length = 0; ;) {
      const read = readSync(fd, buffer, length, Math.min(buffer.length, maxBytes + 1) - length, null);
      if (read === 0) return { state: 'read', bytes: Buffer.from(buffer.subarray(0, length)) };
      length += read;
      if (length > maxBytes) return { state: 'unreadable', reason: `larger than ${String(maxBytes)} bytes` };
      if (length === buffer.length) buffer = Buffer.concat([buffer], 4 * length);
    }
  } catch (error) {
    return isGone(error) ? { state: 'gone' } : { state: 'unreadable', reason: unreadableReason(error) };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

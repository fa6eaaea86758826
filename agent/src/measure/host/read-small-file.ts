import { readSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';

export type SmallFile =
  | {
      readonly state: 'read';
      readonly bytes: Buffer;
      /** Where the path led below the host root, without symlinks. */
      readonly realPath: Buffer;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly reason: string };

/**
 * The bytes of a small regular file below the host root. Size is not taken from stat: files of /proc say 0.
 * One that holds more than `maxBytes` is unreadable. Never throws.
 */
export async function readSmallFile(hostRoot: string, path: string | Buffer, maxBytes: number): Promise<SmallFile> {
  const opened = await openBelow(hostRoot, typeof path === 'string' ? Buffer.from(path) : path);
  if (opened.state === 'not-regular') {
    return { state: 'unreadable', reason: `not a regular file (${opened.fileType})` };
  }
  if (opened.state !== 'opened') return opened;
  try {
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(opened.fd, buffer, length, buffer.length - length, length);
      if (read === 0) return { state: 'read', bytes: buffer.subarray(0, length), realPath: opened.realPath };
      length += read;
    }
    return { state: 'unreadable', reason: `larger than ${String(maxBytes)} bytes` };
  } catch (error) {
    return { state: 'unreadable', reason: unreadableReason(error) };
  } finally {
    await opened.close();
  }
}

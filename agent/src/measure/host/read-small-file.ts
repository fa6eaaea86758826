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

/** Shared by all calls, each of which reads synchronously: what a file may hold at most is not what is set aside for it. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

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
    const bytes = readToEnd(opened.fd, maxBytes);
    if (bytes === undefined) return { state: 'unreadable', reason: `larger than ${String(maxBytes)} bytes` };
    return { state: 'read', bytes, realPath: opened.realPath };
  } catch (error) {
    return { state: 'unreadable', reason: unreadableReason(error) };
  } finally {
    await opened.close();
  }
}

/** Undefined if there are more than `maxBytes`. */
function readToEnd(fd: number, maxBytes: number): Buffer | undefined {
  let buffer = scratch;
  for (let length = 0; ;) {
    const read = readSync(fd, buffer, length, Math.min(buffer.length, maxBytes + 1) - length, length);
    if (read === 0) return Buffer.from(buffer.subarray(0, length));
    length += read;
    if (length > maxBytes) return undefined;
    if (length === buffer.length) buffer = Buffer.concat([buffer], 4 * length);
  }
}

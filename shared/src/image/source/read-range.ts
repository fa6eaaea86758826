import { close as closeCallback, fstat as fstatCallback, read as readCallback, type Stats } from 'node:fs';
import { promisify } from 'node:util';

const CHUNK_BYTES = 256 * 1024;

export const closeFile: (fd: number) => Promise<void> = promisify(closeCallback);
export const statFile: (fd: number) => Promise<Stats> = promisify<number, Stats>(fstatCallback);
const read = promisify(readCallback);

/**
 * A file's bytes from `start` on, at most `length`, fewer when the file ends before. One buffer serves all chunks: fresh ones
 * would wait in memory for the collector.
 */
export async function* readRange(fd: number, start: number, length: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, length));
  for (let at = 0; at < length;) {
    const wanted = Math.min(CHUNK_BYTES, length - at);
    const { bytesRead } = await read(fd, buffer, 0, wanted, start + at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Changes one byte of a file in place; doing it again mends it. */
export function flipByte(path: string, at = 4096): void {
  const descriptor = openSync(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    readSync(descriptor, byte, 0, 1, at);
    byte[0] = (byte[0] ?? 0) ^ 0xff;
    writeSync(descriptor, byte, 0, 1, at);
  } finally {
    closeSync(descriptor);
  }
}

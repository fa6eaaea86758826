import { open } from 'node:fs/promises';
import { constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';

/** Reads a file a person named, which holds no secret. @throws CodedError('file.unreadable') */
export async function readInput(io: Io, path: string, maxBytes: number): Promise<Buffer> {
  try {
    // a FIFO in the file's place must not block
    const file = await open(resolve(io.cwd, path), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new Error('it is not a regular file');
      if (stats.size > maxBytes)
        throw new Error(`it has ${String(stats.size)} bytes; at most ${String(maxBytes)} are read`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new CodedError('file.unreadable', `${printable(path)} can't be read: ${reasonOf(error)}`, { cause: error });
  }
}

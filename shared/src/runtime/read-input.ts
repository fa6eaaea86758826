import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { CodedError, errnoOf, reasonOf } from './coded-error.js';
import { printable } from './printable.js';

/** A file that a person named and that holds no secret. @throws CodedError('file.unreadable') with the system's error as cause */
export async function readInput(path: string, maxBytes: number): Promise<Buffer> {
  try {
    // a FIFO in the file's place must not block
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new Error('it is not a regular file');
      if (stats.size > maxBytes) {
        throw new Error(`it has ${String(stats.size)} bytes; at most ${String(maxBytes)} are read`);
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new CodedError('file.unreadable', `${printable(path)} can't be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** Undefined if there is no such file. @throws as `readInput` */
export async function readInputIfThere(path: string, maxBytes: number): Promise<Buffer | undefined> {
  try {
    return await readInput(path, maxBytes);
  } catch (error) {
    if (error instanceof CodedError && errnoOf(error.cause) === 'ENOENT') return undefined;
    throw error;
  }
}

import { chmodSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CodedError, errnoOf, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';

/** What the collector remembers is for its own user; SQLite gives `-wal` and `-shm` the mode of the file. */
const MODE = 0o600;

/**
 * Makes the file if it is not there, before SQLite would make it readable for all. Only while nothing of SQLite's
 * has it open: closing a file drops the process's locks on it.
 * @throws CodedError('store.unavailable') saying what keeps a store from being written there
 */
export function ensurePrivateFile(file: string): void {
  if (storeFileSize(file) !== undefined) return;
  try {
    closeSync(openSync(file, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, MODE));
    chmodSync(file, MODE);
  } catch (error) {
    const errno = errnoOf(error);
    // another process was faster; which of the two may write, the lock decides
    if (errno === 'EEXIST') return;
    const remedy =
      errno === 'ENOENT' ? 'make the directory first' : 'it must be writable for the user of the collector';
    const message = `no store can be kept in ${dirname(file)}: ${reasonOf(error)}; ${remedy}`;
    throw new CodedError(errno === 'ENOSPC' ? 'store.full' : 'store.unavailable', message, { cause: error });
  }
}

/** Bytes; undefined if there is no such file. */
export function storeFileSize(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

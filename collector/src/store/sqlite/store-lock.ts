import type { Database } from 'better-sqlite3';
import { Sqlite } from './sqlite-driver.js';
import { CodedError, errnoOf } from '@sealwatch/shared/runtime/coded-error.js';

/**
 * The right to write a store, in a file beside it: `sealwatch.db.lock`, itself a database that is held locked. The
 * kernel drops the lock with the process, so a killed collector never blocks the next one. It also remembers that
 * a store was made here: an empty or missing file is then a loss to be told, not a fresh start.
 */
export class StoreLock {
  readonly #db: Database;

  /** @throws CodedError('store.unavailable') if another process holds it; SQLite's errors otherwise */
  constructor(file: string) {
    const path = lockFileOf(file);
    this.#db = new Sqlite(path, { timeout: 0 });
    try {
      // exclusive locking mode keeps the lock beyond the transaction that takes it
      this.#db.pragma('locking_mode = EXCLUSIVE');
      this.#db.exec('BEGIN EXCLUSIVE; COMMIT');
    } catch (error) {
      this.#db.close();
      if (errnoOf(error)?.startsWith('SQLITE_BUSY') !== true) throw error;
      throw new CodedError(
        'store.unavailable',
        `${file} is in use by another sealwatch-collector; only one may write it. Stop that one first`,
        { cause: error },
      );
    }
  }

  get storeWasMade(): boolean {
    return this.#db.pragma('user_version', { simple: true }) === 1;
  }

  rememberStoreWasMade(): void {
    if (!this.storeWasMade) this.#db.pragma('user_version = 1');
  }

  release(): void {
    this.#db.close();
  }
}

export function lockFileOf(file: string): string {
  return `${file}.lock`;
}

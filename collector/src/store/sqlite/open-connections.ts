import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Database } from 'better-sqlite3';
import { Sqlite } from './sqlite-driver.js';
import { migrateDatabase, schemaVersionOf } from './migrate-database.js';
import { refuseDamage } from './refuse-damage.js';
import { corruptionText, storeError } from './sqlite-error.js';
import { ensurePrivateFile, storeFileSize } from './store-file.js';
import { lockFileOf, StoreLock } from './store-lock.js';

/** The one connection that writes. `close` lets the next process in. */
export interface WritingConnection {
  readonly db: Database;
  /** Schema version found; 0 for a new store. */
  readonly schemaFound: number;
  close(): void;
}

/** How long a statement waits for a checkpoint or a backup of another process. */
const BUSY_TIMEOUT_MS = 5000;

/** @throws CodedError('store.unavailable' | 'store.corrupt' | 'store.full') */
export function openWritingConnection(file: string): WritingConnection {
  try {
    ensurePrivateFile(lockFileOf(file));
    const lock = new StoreLock(file);
    try {
      return openLocked(file, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    throw storeError(error, file);
  }
}

function openLocked(file: string, lock: StoreLock): WritingConnection {
  if (lock.storeWasMade && (storeFileSize(file) ?? 0) === 0) {
    throw new CodedError(
      'store.corrupt',
      `${corruptionText(file, 'it is empty or gone, but a store was kept here')}. ` +
        `To begin anew without any history, remove ${file} and ${lockFileOf(file)}`,
    );
  }
  ensurePrivateFile(file);
  const db = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    // before the first write: a file that is not ours stays as it is
    schemaVersionOf(db, file);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    // bigger than the default: under load a checkpoint every 4 MB costs more than the commits
    db.pragma('wal_autocheckpoint = 4000');
    db.pragma(`journal_size_limit = ${String(64 * 1024 * 1024)}`);
    db.pragma('cache_size = -65536');
    refuseDamage(db, file);
    const schemaFound = migrateDatabase(db, file);
    lock.rememberStoreWasMade();
    return {
      db,
      schemaFound,
      close: () => {
        db.close();
        lock.release();
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** For questions, beside a writer or alone. @throws CodedError('store.unavailable' | 'store.corrupt') */
export function openReadingConnection(file: string): Database {
  let db: Database | undefined;
  try {
    db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    db.pragma('query_only = ON');
    db.pragma('trusted_schema = OFF');
    db.pragma('cache_size = -65536');
    if (schemaVersionOf(db, file) === 0) throw new CodedError('store.unavailable', `${file} holds no store yet`);
    return db;
  } catch (error) {
    db?.close();
    throw storeError(error, file);
  }
}

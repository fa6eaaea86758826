import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Database } from 'better-sqlite3';
import { SCHEMA_1 } from './schema-1.js';

/** In order; the place in the list, from 1, is the schema version. Only ever appended to. */
const MIGRATIONS: readonly string[] = [SCHEMA_1];

export const SCHEMA_VERSION: number = MIGRATIONS.length;

/** 'SWch', in the file's header: tells a Sealwatch store from any other SQLite file. */
const APPLICATION_ID = 0x53576368;

/**
 * Brings the schema up to this program's, all in one transaction.
 * @returns the version found; 0 for a new file
 * @throws CodedError('store.unavailable') for a newer schema; CodedError('store.corrupt') for a file of another program
 */
export function migrateDatabase(db: Database, file: string): number {
  const found = schemaVersionOf(db, file);
  if (found === SCHEMA_VERSION) return found;
  db.transaction(() => {
    if (found === 0) db.pragma(`application_id = ${String(APPLICATION_ID)}`);
    for (const migration of MIGRATIONS.slice(found)) db.exec(migration);
    db.pragma(`user_version = ${String(SCHEMA_VERSION)}`);
  }).exclusive();
  return found;
}

/** 0 for an empty database. Throws as `migrateDatabase` does. */
export function schemaVersionOf(db: Database, file: string): number {
  const version = db.pragma('user_version', { simple: true }) as number;
  const id = db.pragma('application_id', { simple: true }) as number;
  const tables = db.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get() ?? 0;
  if (id === 0 && version === 0 && tables === 0) return 0;
  if (id !== APPLICATION_ID) {
    throw new CodedError('store.corrupt', `${file} is no Sealwatch store but another program's database; move it away`);
  }
  if (version > SCHEMA_VERSION) {
    throw new CodedError(
      'store.unavailable',
      `${file} has schema ${String(version)}, this program knows ${String(SCHEMA_VERSION)}; ` +
        'run the newer sealwatch-collector that wrote it, or restore the backup made before the upgrade',
    );
  }
  return version;
}

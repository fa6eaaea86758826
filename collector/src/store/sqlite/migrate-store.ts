import { SCHEMA_VERSION } from './migrate-database.js';
import { openWritingConnection } from './open-connections.js';

/** What `openSqliteStore` does at its start, and nothing else. @throws as it does */
export function migrateStore(file: string): { from: number; to: number } {
  const connection = openWritingConnection(file);
  connection.close();
  return { from: connection.schemaFound, to: SCHEMA_VERSION };
}

import type { RunCalls } from './call.js';
import { groupCommitter } from './commit-group.js';
import { openReadingConnection, openWritingConnection } from './open-connections.js';
import { readOperations } from './read-operations.js';
import { snapshotReader } from './snapshot-reader.js';
import { writeOperations } from './write-operations.js';

export type ConnectionRole = 'write' | 'read';

/** A connection and all it can be asked. */
export interface ServingConnection {
  readonly run: RunCalls;
  close(): void;
}

/** @throws CodedError('store.unavailable' | 'store.corrupt' | 'store.full') */
export function openServingConnection(role: ConnectionRole, file: string): ServingConnection {
  switch (role) {
    case 'write': {
      const connection = openWritingConnection(file);
      return {
        run: groupCommitter(connection.db, file, writeOperations(connection.db)),
        close: () => {
          connection.close();
        },
      };
    }
    case 'read': {
      const db = openReadingConnection(file);
      return { run: snapshotReader(db, file, readOperations(db)), close: () => void db.close() };
    }
  }
}

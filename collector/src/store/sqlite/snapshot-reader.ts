import type { Database } from 'better-sqlite3';
import { type Answer, type Call, type OperationTable, perform, type RunCalls } from './call.js';
import { storeError } from './sqlite-error.js';

/** Each question sees one state of the store, however many statements it takes, while the writer goes on. */
export function snapshotReader(db: Database, file: string, operations: OperationTable): RunCalls {
  const inSnapshot = db.transaction((call: Call) => perform(operations, call));
  return (calls) =>
    calls.map((call): Answer => {
      try {
        return { ok: true, value: inSnapshot.deferred(call) };
      } catch (error) {
        const { code, message } = storeError(error, file);
        return { ok: false, code, message };
      }
    });
}

import type { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Database } from 'better-sqlite3';
import { type Answer, type Call, type OperationTable, perform, type RunCalls } from './call.js';
import { storeError } from './sqlite-error.js';

/**
 * Many calls, one transaction, one fsync: what makes durable acknowledgement cheap. Each call has a savepoint, so one
 * that is refused takes back only itself. Answers exist only after the COMMIT: if that fails, every call failed.
 */
export function groupCommitter(db: Database, file: string, operations: OperationTable): RunCalls {
  const begin = db.prepare<[]>('BEGIN IMMEDIATE');
  const savepoint = db.prepare<[]>('SAVEPOINT call');
  const release = db.prepare<[]>('RELEASE call');
  const back = db.prepare<[]>('ROLLBACK TO call');
  const commit = db.prepare<[]>('COMMIT');
  const rollback = db.prepare<[]>('ROLLBACK');

  const attempt = (call: Call): Answer => {
    savepoint.run();
    try {
      const value = perform(operations, call);
      release.run();
      return { ok: true, value };
    } catch (error) {
      // a full disk or an I/O error can end the whole transaction by itself: then nothing of the group stands
      if (!db.inTransaction) throw error;
      back.run();
      release.run();
      return refusal(storeError(error, file));
    }
  };

  return (calls) => {
    try {
      begin.run();
      const answers = calls.map(attempt);
      commit.run();
      return answers;
    } catch (error) {
      const failure = refusal(storeError(error, file));
      if (db.inTransaction) rollback.run();
      return calls.map(() => failure);
    }
  };
}

function refusal({ code, message }: CodedError): Answer {
  return { ok: false, code, message };
}

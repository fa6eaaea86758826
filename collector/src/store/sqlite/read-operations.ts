import type { Database } from 'better-sqlite3';
import { enrollmentReads } from './enrollment-reads.js';
import { historyRead } from './history-read.js';
import { hostStatesRead } from './host-states-read.js';
import type { ReadOperations } from './operations.js';
import { releaseReads } from './release-reads.js';
import { reportReads } from './report-reads.js';
import { subjectHistoryRead } from './subject-history-read.js';

/** Every statement is prepared here, once. */
export function readOperations(db: Database): ReadOperations {
  return {
    ...enrollmentReads(db),
    ...releaseReads(db),
    ...reportReads(db),
    ...hostStatesRead(db),
    ...historyRead(db),
    ...subjectHistoryRead(db),
    pulse: () => undefined,
  };
}

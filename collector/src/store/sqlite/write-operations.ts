import type { Database } from 'better-sqlite3';
import { enrollWrite } from './enroll-write.js';
import { enrollmentWrites } from './enrollment-writes.js';
import { eventWrites } from './event-writes.js';
import { highWaterMark } from './high-water-mark.js';
import { historyLog } from './history-log.js';
import { hostNumbers } from './host-numbers.js';
import type { WriteOperations } from './operations.js';
import { releaseWrites } from './release-writes.js';
import { reportWrites } from './report-writes.js';
import { sealWrites } from './seal-writes.js';

/** Every statement is prepared here, once. None of the operations opens a transaction: `commitGroup` does. */
export function writeOperations(db: Database): WriteOperations {
  const tools = { db, hosts: hostNumbers(db), logEvent: historyLog(db), raiseHighWater: highWaterMark(db) };
  return {
    ...enrollWrite(tools),
    ...enrollmentWrites(tools),
    ...releaseWrites(tools),
    ...reportWrites(tools),
    ...sealWrites(tools),
    ...eventWrites(tools),
    pulse: () => undefined,
  };
}

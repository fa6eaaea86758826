import type { Timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { Database } from 'better-sqlite3';

/**
 * Raises the latest wall-clock time seen. Only times of our own clock belong here: a host's clock that is years
 * ahead must not make ours look set back.
 */
export type RaiseHighWater = (at: Timestamp) => void;

export function highWaterMark(db: Database): RaiseHighWater {
  const raise = db.prepare<[number, number]>('UPDATE high_water SET at = ? WHERE id = 1 AND at < ?');
  return (at) => void raise.run(wallTime(at), wallTime(at));
}

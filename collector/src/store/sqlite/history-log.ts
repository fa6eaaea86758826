import type { Database } from 'better-sqlite3';
import type { HistoryEntry } from '../report-store.js';

export interface HistoryLine {
  /** The host's number. */
  readonly host: number;
  /** Milliseconds since the Unix epoch, on our clock. */
  readonly at: number;
  readonly kind: HistoryEntry['kind'];
  readonly epoch: number;
  readonly sequence: number;
  /** Where the rest stands; see schema. */
  readonly ref: number;
}

export type LogEvent = (line: HistoryLine) => void;

/** A line's place never changes, so a reader that pages downwards meets every line once while new ones arrive. */
export function historyLog(db: Database): LogEvent {
  const insert = db.prepare<[HistoryLine]>(
    `INSERT INTO history (host, at, tie, kind, epoch, sequence, ref)
     VALUES (@host, @at, (SELECT coalesce(max(tie), 0) + 1 FROM history WHERE host = @host AND at = @at),
             @kind, @epoch, @sequence, @ref)`,
  );
  return (line) => void insert.run(line);
}

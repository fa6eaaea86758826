import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Database } from 'better-sqlite3';
import type { HistoryEntry } from '../report-store.js';
import { formatCursor, parseCursor } from './history-cursor.js';
import { historyDetails } from './history-details.js';
import type { HistoryLine } from './history-log.js';
import type { ReadOperations } from './operations.js';

type HistoryRow = HistoryLine & { readonly tie: number };

const MAX_PAGE = 1000;

export function historyRead(db: Database): Pick<ReadOperations, 'history'> {
  const select = db.prepare<[string, number, number, number], HistoryRow>(
    `SELECT host, at, tie, kind, epoch, sequence, ref FROM history
     WHERE host = (SELECT id FROM hosts WHERE name = ?) AND (at, tie) < (?, ?)
     ORDER BY at DESC, tie DESC LIMIT ?`,
  );
  const detailsOf = historyDetails(db);
  return {
    history(host, { size, cursor }) {
      if (!Number.isInteger(size) || size < 1) {
        throw new CodedError(
          'usage.invalid',
          `a history page of ${String(size)} lines can't be made; ask for 1 or more`,
        );
      }
      const { at, tie } = parseCursor(cursor);
      const wanted = Math.min(size, MAX_PAGE);
      const rows = select.all(host, at, tie, wanted + 1);
      const page = rows.slice(0, wanted);
      const last = page.at(-1);
      return {
        items: page.map((row): HistoryEntry => ({ ...lineOf(row), ...detailsOf(row) })),
        next: rows.length > wanted && last !== undefined ? formatCursor(last) : '',
      };
    },
  };
}

function lineOf({ at, kind, epoch, sequence }: HistoryRow): Pick<HistoryEntry, 'at' | 'kind' | 'epoch' | 'sequence'> {
  return { at: timestamp(at), kind, epoch, sequence };
}

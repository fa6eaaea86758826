import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';

/** The place of the last line of a page. Milliseconds since the Unix epoch, then the tie. */
export interface HistoryPlace {
  readonly at: number;
  readonly tie: number;
}

/** Above every line. */
const TOP: HistoryPlace = { at: Number.MAX_SAFE_INTEGER, tie: 0 };

const CURSOR = /^(\d{1,15})-(\d{1,15})$/;

export function formatCursor({ at, tie }: HistoryPlace): string {
  return `${String(at)}-${String(tie)}`;
}

/** Empty is the top. @throws CodedError('usage.invalid') */
export function parseCursor(cursor: string): HistoryPlace {
  if (cursor === '') return TOP;
  const match = CURSOR.exec(cursor);
  if (match === null) throw new CodedError('usage.invalid', 'the page cursor is none that a history page ended with');
  return { at: Number(match[1]), tie: Number(match[2]) };
}

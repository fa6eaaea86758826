import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Head } from '@sealwatch/shared/statement/report.js';

/** A place in a host's chain, from which a page goes on downwards. */
export type ChainPlace = Pick<Head, 'epoch' | 'sequence'>;

/** Above every report. */
const TOP: ChainPlace = { epoch: Number.MAX_SAFE_INTEGER, sequence: 0 };

const CURSOR = /^(\d{1,15})-(\d{1,15})$/;

export function formatChainCursor({ epoch, sequence }: ChainPlace): string {
  return `${String(epoch)}-${String(sequence)}`;
}

/** Empty is the top. @throws CodedError('usage.invalid') */
export function parseChainCursor(cursor: string): ChainPlace {
  if (cursor === '') return TOP;
  const match = CURSOR.exec(cursor);
  if (match === null) throw new CodedError('usage.invalid', 'the page cursor is none that such a page ended with');
  return { epoch: Number(match[1]), sequence: Number(match[2]) };
}

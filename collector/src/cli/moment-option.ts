import { type Timestamp, timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { InvalidArgumentError } from 'commander';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_AND_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/;

/** A moment as a flag's value: a date (its first moment, UTC) or RFC 3339 with its offset. */
export function momentOption(text: string): Timestamp {
  const wall = DATE.test(text) || DATE_AND_TIME.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse takes 31 February for 3 March
  const day = Number(text.slice(8, 10));
  const month = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0));
  if (Number.isNaN(wall) || day > month.getUTCDate()) {
    throw new InvalidArgumentError('Write a date, 2027-01-31, or a moment, 2027-01-31T09:30:00Z.');
  }
  return timestamp(wall);
}

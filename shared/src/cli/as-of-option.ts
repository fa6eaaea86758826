import { InvalidArgumentError, Option } from 'commander';
import { type CalendarDate, isCalendarDate } from '../cmvp/calendar-date.js';

/** `--as-of`, which a cluster's check and a host's own have. */
export function asOfOption(): Option {
  return new Option(
    '--as-of <date>',
    'judge certificates of crypto modules for this day (UTC), by the list in force; nothing else changes (default: today)',
  ).argParser(day);
}

function day(text: string): CalendarDate {
  if (isCalendarDate(text)) return text;
  throw new InvalidArgumentError('Write a day, 2026-09-01.');
}

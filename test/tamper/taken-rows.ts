import { afterAll } from 'vitest';
import type { Taken } from './take-row.js';

const taken: Taken[] = [];

/** A row that passed, for the table that is printed at the end. */
export function keepTaken(row: Taken): void {
  taken.push(row);
}

/** Prints the rows of a test file after its last test. */
export function printTakenRows(): void {
  afterAll(() => {
    const lines = [...taken].sort(byNumber).map(line);
    console.log([HEAD, ...lines].join('\n'));
  });
}

const HEAD =
  '| # | act | by | until the verdict | reason | until it is good again | AIDE |\n| - | - | - | - | - | - | - |';

function line({ number, act, by, reasonMs, reason, mendedMs, aide }: Taken): string {
  // paths are made up anew at each run
  const plain = reason.replace(/:\/.*/, '');
  const peer = aide === undefined ? '' : `${aide.sees ? 'sees it' : 'no'} (${duration(aide.ms)})`;
  return `| ${[number, act, by, duration(reasonMs), `\`${plain}\``, duration(mendedMs), peer].join(' | ')} |`;
}

/** @param times milliseconds */
export function printTimes(what: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const part = (share: number): string => duration(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN);
  console.log(`${what}: ${String(times.length)} times, p50 ${part(0.5)}, p99 ${part(0.99)}, longest ${part(1)}`);
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${String(Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function byNumber(a: Taken, b: Taken): number {
  return Number.parseInt(a.number) - Number.parseInt(b.number) || (a.number < b.number ? -1 : 1);
}

/** CI runs the short form (`LENGTH=short`); by hand the full one, or as long as `RUN_SECONDS` says. */
export const FULL: boolean = process.env['LENGTH'] !== 'short';

/** Milliseconds. */
export function seconds(short: number, full: number): number {
  return Number(process.env['RUN_SECONDS'] ?? (FULL ? full : short)) * 1000;
}

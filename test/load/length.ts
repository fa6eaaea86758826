/** CI runs the short form (`LENGTH=short`); by hand the full one. */
export const FULL: boolean = process.env['LENGTH'] !== 'short';

export function seconds(short: number, full: number): number {
  return (FULL ? full : short) * 1000;
}

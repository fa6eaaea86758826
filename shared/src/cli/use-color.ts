import type { Io } from './io.js';

/** Colour only on a terminal that wants it (https://no-color.org). */
export function useColor({ out, env }: Io): boolean {
  return out.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

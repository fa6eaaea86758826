import { createHash } from 'node:crypto';

/**
 * Milliseconds until a host's next background scan. Every host scans at its own moment of the interval, always the
 * same one, so that a cluster's load and the collector's are spread however its agents were started.
 * @param wall milliseconds since the Unix epoch
 */
export function nextScanDelay(host: string, wall: number, intervalMs: number): number {
  const offset = createHash('sha256').update(host).digest().readUInt32BE(0) % intervalMs;
  return intervalMs - modulo(wall - offset, intervalMs);
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

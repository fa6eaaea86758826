/** How long to wait between attempts, in milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * Exponential with full jitter: a thousand agents that lost one collector do not come back in step, and the first
 * attempts are quick.
 * @param attempt 0 for the first wait
 */
export function backoffMs({ firstMs, mostMs }: Backoff, attempt: number, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 30)));
}

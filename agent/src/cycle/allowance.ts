import type { Clock } from '@sealwatch/shared/runtime/clock.js';

/**
 * How often each of many things may happen: some at once, then one per interval (the generic cell rate algorithm, ITU-T
 * I.371, as virtual scheduling). Nothing is refused, only put off.
 */
export class Allowance {
  readonly #clock: Clock;
  readonly #atOnce: number;
  readonly #intervalMs: number;
  /** By key, monotonic: when the last one would have come at the even pace. */
  readonly #lastAt = new Map<string, number>();

  constructor(options: { atOnce: number; intervalMs: number; clock: Clock }) {
    this.#clock = options.clock;
    this.#atOnce = options.atOnce;
    this.#intervalMs = options.intervalMs;
  }

  /** Takes one; monotonic milliseconds of when it may happen, now at the earliest. */
  take(key: string): number {
    const now = this.#clock.monotonic();
    const at = Math.max(now, this.#lastAt.get(key) ?? now) + this.#intervalMs;
    this.#lastAt.set(key, at);
    return Math.max(now, at - this.#atOnce * this.#intervalMs);
  }
}

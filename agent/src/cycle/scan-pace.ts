import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';

/** Sleep per unit of work: one tenth of one processor. */
const SLEEP_PER_WORK = 9;
/** A paced scan is over after this part of the interval at the latest, or its evidence would be late. */
const PART_OF_INTERVAL = 0.25;

/**
 * Keeps background scans out of the host's way. How much work a scan is, the previous one told; the first runs at full
 * speed, as does everything that answers an operator.
 */
export class ScanPace {
  readonly #clock: Clock;
  #lastWorkMs: number | undefined;

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  /** For one scan. `done` must be called when it was complete. */
  begin(options: { urgent: boolean; intervalMs: number }): { pause: () => Promise<void>; done: () => void } {
    const clock = this.#clock;
    const ratio = options.urgent ? 0 : sleepRatio(this.#lastWorkMs, options.intervalMs);
    let workMs = 0;
    let resumedAt = clock.monotonic();
    const worked = (): number => {
      const spent = clock.monotonic() - resumedAt;
      workMs += spent;
      return spent;
    };
    return {
      pause: async () => {
        await sleep(worked() * ratio);
        resumedAt = clock.monotonic();
      },
      done: () => {
        worked();
        this.#lastWorkMs = workMs;
      },
    };
  }
}

/** Milliseconds to sleep per millisecond worked. */
export function sleepRatio(workMs: number | undefined, intervalMs: number): number {
  if (workMs === undefined || workMs <= 0) return 0;
  const longest = (intervalMs * PART_OF_INTERVAL - workMs) / workMs;
  return Math.max(0, Math.min(SLEEP_PER_WORK, longest));
}

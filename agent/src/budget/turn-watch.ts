import type { Clock } from '@sealwatch/shared/runtime/clock.js';

/**
 * The longest time the event loop waited for a slice of a scan. Costs one `setImmediate` a slice: a histogram of
 * perf_hooks takes 400 KiB and a hundred wake-ups a second, for all that is to be known.
 */
export class TurnWatch {
  readonly #clock: Clock;
  #worstMs = 0;
  /** Monotonic. */
  #beganAt = 0;
  #turn: NodeJS.Immediate | undefined;

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  get worstMs(): number {
    return this.#worstMs;
  }

  /** A slice begins. If it waits for something before it ends, the loop has turned by then. */
  begin(): void {
    this.#beganAt = this.#clock.monotonic();
    this.#turn = setImmediate(() => {
      this.end();
    });
  }

  end(): void {
    if (this.#turn === undefined) return;
    clearImmediate(this.#turn);
    this.#turn = undefined;
    this.#worstMs = Math.max(this.#worstMs, this.#clock.monotonic() - this.#beganAt);
  }
}

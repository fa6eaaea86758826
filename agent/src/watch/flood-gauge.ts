import type { Clock } from '@sealwatch/shared/runtime/clock.js';

/** The kernel queues 16,384 events (inotify(7), max_queued_events) and what comes then is lost without a word. */
const MAX_PER_TURN = 4000;
const MAX_PER_SECOND = 8000;
const SECOND_MS = 1000;

/** Tells from the number of events that some may have been lost. */
export class FloodGauge {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #inTurn = 0;
  #inSecond = 0;
  /** Monotonic. */
  #secondBegan = -Infinity;

  constructor(deps: { readonly clock: Pick<Clock, 'monotonic'> }) {
    this.#clock = deps.clock;
  }

  /** One more event. @returns why this is one too many */
  count(): string | undefined {
    if (this.#inTurn === 0) {
      // what one turn brings was in the queue together
      setImmediate(() => {
        this.#inTurn = 0;
      });
      const now = this.#clock.monotonic();
      if (now - this.#secondBegan >= SECOND_MS) {
        this.#secondBegan = now;
        this.#inSecond = 0;
      }
    }
    this.#inTurn += 1;
    this.#inSecond += 1;
    if (this.#inTurn > MAX_PER_TURN) return `more than ${String(MAX_PER_TURN)} file events at once`;
    if (this.#inSecond > MAX_PER_SECOND) return `more than ${String(MAX_PER_SECOND)} file events in a second`;
    return undefined;
  }
}

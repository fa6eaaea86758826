import type { Clock } from '@sealwatch/shared/runtime/clock.js';

/**
 * Whether the work under way gets on. A busy cycle takes a step at every slice it reads; one that hangs takes none, and
 * neither does one that waits for something that never comes. Between cycles there is nothing to get on with.
 */
export class CycleProgress {
  readonly #clock: Clock;
  #working = 0;
  /** Monotonic. */
  #steppedAt = 0;

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  /** Milliseconds since the last step of the cycle under way; 0 if there is none. */
  stillForMs(): number {
    return this.#working === 0 ? 0 : this.#clock.monotonic() - this.#steppedAt;
  }

  step(): void {
    this.#steppedAt = this.#clock.monotonic();
  }

  /** From its beginning to its end this is work that has to get on. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#working += 1;
    this.step();
    try {
      return await work();
    } finally {
      this.#working -= 1;
      this.step();
    }
  }
}

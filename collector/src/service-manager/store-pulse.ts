import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { Store } from '../store/store.js';

/**
 * Whether the store still answers. A question is out at all times; one that a long commit keeps waiting is old, and one
 * that a hanging disk or a hanging thread keeps waiting gets older and older.
 */
export class StorePulse {
  readonly #store: Pick<Store, 'pulse'>;
  readonly #clock: Clock;
  /** Monotonic. */
  #askedAt: number | undefined;

  constructor(deps: { store: Pick<Store, 'pulse'>; clock: Clock }) {
    this.#store = deps.store;
    this.#clock = deps.clock;
  }

  /** Milliseconds for which the store owes an answer. Asks again if it owes none. */
  stillForMs(): number {
    if (this.#askedAt === undefined) this.#ask();
    return this.#askedAt === undefined ? 0 : this.#clock.monotonic() - this.#askedAt;
  }

  #ask(): void {
    this.#askedAt = this.#clock.monotonic();
    const answered = (): void => {
      this.#askedAt = undefined;
    };
    // a refusal is an answer too; a thread that has died ends the program in another way
    this.#store.pulse().then(answered, answered);
  }
}

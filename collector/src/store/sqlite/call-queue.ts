import type { RunCalls } from './call.js';
import type { NumberedAnswer, NumberedCall } from './worker-messages.js';

export interface CallQueueOptions {
  readonly run: RunCalls;
  readonly answered: (answers: readonly NumberedAnswer[]) => void;
  /** Calls done at once, at most. */
  readonly largestGroup: number;
}

/**
 * Gathers calls into groups. Nothing waits for company: what arrives while one group is being committed is the next
 * one, so groups grow by themselves as the disk gets slower or the callers more.
 */
export class CallQueue {
  readonly #options: CallQueueOptions;
  #waiting: NumberedCall[] = [];
  #next: NodeJS.Immediate | undefined;

  constructor(options: CallQueueOptions) {
    this.#options = options;
  }

  add(calls: readonly NumberedCall[]): void {
    this.#waiting.push(...calls);
    this.#schedule();
  }

  /** Does everything that waits, now. */
  drain(): void {
    clearImmediate(this.#next);
    while (this.#waiting.length > 0) this.#runGroup();
  }

  /** By way of the event loop, so that all that has arrived meanwhile is in the queue. */
  #schedule(): void {
    if (this.#waiting.length === 0) return;
    this.#next ??= setImmediate(() => {
      this.#next = undefined;
      this.#runGroup();
      this.#schedule();
    });
  }

  #runGroup(): void {
    const group = this.#waiting.splice(0, this.#options.largestGroup);
    const answers = this.#options.run(group);
    this.#options.answered(
      group.flatMap(({ id }, i) => {
        const answer = answers[i];
        return answer === undefined ? [] : [{ id, answer }];
      }),
    );
  }
}

import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Answer, Call } from './call.js';
import type { ServingConnection } from './connection-role.js';
import type { Lane } from './lane.js';

interface WaitingCall extends Call {
  readonly settle: (answer: Answer) => void;
}

/** On this thread. Calls made in one turn become one group, as on a worker. */
export class InlineLane implements Lane {
  readonly #connection: ServingConnection;
  #waiting: WaitingCall[] = [];
  #closed = false;

  constructor(connection: ServingConnection) {
    this.#connection = connection;
  }

  call(method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#closed) return Promise.reject(new CodedError('store.unavailable', 'the store is closed'));
    return new Promise((resolve, reject) => {
      const settle = (answer: Answer): void => {
        if (answer.ok) resolve(answer.value);
        else reject(new CodedError(answer.code, answer.message));
      };
      if (this.#waiting.length === 0)
        queueMicrotask(() => {
          this.#runWaiting();
        });
      this.#waiting.push({ method, args, settle });
    });
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#runWaiting();
      this.#connection.close();
    }
    return Promise.resolve();
  }

  #runWaiting(): void {
    const calls = this.#waiting;
    this.#waiting = [];
    if (calls.length === 0) return;
    const answers = this.#connection.run(calls);
    calls.forEach((call, i) => {
      const answer = answers[i];
      if (answer !== undefined) call.settle(answer);
    });
  }
}

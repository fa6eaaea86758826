import { CodedError, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { Worker } from 'node:worker_threads';
import { afterCloning, beforeCloning } from './cloned-values.js';
import type { Lane } from './lane.js';
import type { FromWorker, NumberedAnswer, NumberedCall, ToWorker, WorkerTask } from './worker-messages.js';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: CodedError) => void;
}

/** A connection on a thread of its own. If the thread dies, so does the lane: every call says so, then and afterwards. */
export class WorkerLane implements Lane {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #outgoing: NumberedCall[] = [];
  #lastId = 0;
  #ended: CodedError | undefined;

  readonly #onDeath: (reason: CodedError) => void;

  private constructor(worker: Worker, onDeath: (reason: CodedError) => void) {
    this.#worker = worker;
    this.#onDeath = onDeath;
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'answers') for (const answer of message.answers) this.#settle(answer);
    });
    worker.on('error', (error) => {
      this.#end(new CodedError('store.unavailable', `the store's thread died: ${reasonOf(error)}`, { cause: error }));
    });
    this.#exited = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#end(new CodedError('store.unavailable', "the store's thread has ended"));
        resolve();
      });
    });
  }

  /**
   * @param onDeath called once if the thread ends without having been closed
   * @throws CodedError if the worker can't open the store, with its reason
   */
  static async open(
    script: URL,
    task: WorkerTask,
    onDeath: (reason: CodedError) => void = () => undefined,
  ): Promise<WorkerLane> {
    // its own flags: those this program was started with are not for it
    const worker = new Worker(script, { workerData: task, name: `store-${task.role}`, execArgv: [] });
    const lane = new WorkerLane(worker, onDeath);
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') resolve();
        if (message.kind === 'refused') reject(new CodedError(message.code, message.message));
      });
      // comes after what `#end` keeps, and changes nothing once one of the others was heard
      worker.on('exit', () => {
        reject(lane.#ended ?? new CodedError('store.unavailable', "the store's thread did not start"));
      });
    }).catch(async (error: unknown) => {
      await worker.terminate();
      throw error;
    });
    return lane;
  }

  call(method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      // calls of one turn travel together
      if (this.#outgoing.length === 0)
        setImmediate(() => {
          this.#send();
        });
      this.#outgoing.push({ id, method, args });
    });
  }

  async close(): Promise<void> {
    if (this.#ended === undefined) {
      this.#send();
      this.#post({ kind: 'close' });
      this.#ended = new CodedError('store.unavailable', 'the store is closed');
    }
    await this.#exited;
  }

  #send(): void {
    const calls = this.#outgoing;
    this.#outgoing = [];
    if (calls.length === 0) return;
    try {
      this.#post({ kind: 'calls', calls: beforeCloning(calls) as NumberedCall[] });
    } catch (error) {
      // arguments that can't be cloned: our mistake, and theirs alone who made the call
      const message = `the store can't be asked this: ${reasonOf(error)}`;
      for (const { id } of calls) this.#settle({ id, answer: { ok: false, code: 'internal', message } });
    }
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #settle({ id, answer }: NumberedAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (answer.ok) waiting?.resolve(afterCloning(answer.value));
    else waiting?.reject(new CodedError(answer.code, answer.message));
  }

  #end(reason: CodedError): void {
    const alive = this.#ended === undefined;
    this.#ended ??= reason;
    if (alive) this.#onDeath(reason);
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

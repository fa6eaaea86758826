import { randomBytes } from 'node:crypto';

interface Waiter {
  readonly deadline: number;
  resolve(answered: boolean): void;
}

interface Turn {
  readonly nonce: string;
  readonly waiters: Set<Waiter>;
}

interface HostQueue {
  current: Turn | undefined;
  /** Who came while one was under way: they need a measurement begun later, so they share the next nonce. */
  readonly next: Set<Waiter>;
}

/** Sends a challenge to a host's live stream; false if there is none. */
export type SendChallenge = (host: string, challenge: { nonce: string; deadlineMs: number }) => boolean;

/**
 * Fresh nonces, one at a time per host (protocol: "one runs at a time, later checks share the next"). Asking never
 * fails: it ends with whether a fresh answer came before the deadline.
 */
export class Challenges {
  readonly #send: SendChallenge;
  readonly #monotonic: () => number;
  readonly #queues = new Map<string, HostQueue>();

  constructor(deps: { send: SendChallenge; monotonic: () => number }) {
    this.#send = deps.send;
    this.#monotonic = deps.monotonic;
  }

  /** Resolves true once the host answered a nonce issued after this call, false at the deadline or when `signal` aborts. */
  ask(host: string, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const queue = this.#queues.get(host) ?? { current: undefined, next: new Set<Waiter>() };
      this.#queues.set(host, queue);
      const give = (answered: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abandon);
        queue.next.delete(waiter);
        queue.current?.waiters.delete(waiter);
        resolve(answered);
        this.#advance(host, queue);
      };
      const abandon = (): void => {
        give(false);
      };
      const waiter: Waiter = { deadline: this.#monotonic() + timeoutMs, resolve: give };
      const timer = setTimeout(abandon, timeoutMs);
      signal.addEventListener('abort', abandon);
      queue.next.add(waiter);
      if (signal.aborted) abandon();
      else this.#advance(host, queue);
    });
  }

  /** A recorded report or seal carried this nonce. Returns whether anybody waited for it. */
  answered(host: string, nonce: string): boolean {
    const queue = this.#queues.get(host);
    if (queue?.current?.nonce !== nonce) return false;
    const { waiters } = queue.current;
    queue.current = undefined;
    for (const waiter of [...waiters]) waiter.resolve(true);
    this.#advance(host, queue);
    return true;
  }

  /** A host's stream is up: what it was asked and may not have heard is asked again. */
  connected(host: string): void {
    const queue = this.#queues.get(host);
    if (queue === undefined) return;
    if (queue.current !== undefined) this.#issue(host, queue.current);
    this.#advance(host, queue);
  }

  #advance(host: string, queue: HostQueue): void {
    if (queue.current !== undefined && queue.current.waiters.size > 0) return;
    queue.current = undefined;
    if (queue.next.size === 0) {
      if (this.#queues.get(host) === queue) this.#queues.delete(host);
      return;
    }
    const turn = { nonce: randomBytes(16).toString('hex'), waiters: new Set(queue.next) };
    // a host without a stream is asked when it connects
    if (!this.#issue(host, turn)) return;
    queue.current = turn;
    queue.next.clear();
  }

  #issue(host: string, { nonce, waiters }: Turn): boolean {
    const latest = Math.max(...[...waiters].map(({ deadline }) => deadline));
    return this.#send(host, { nonce, deadlineMs: Math.max(1, Math.round(latest - this.#monotonic())) });
  }
}

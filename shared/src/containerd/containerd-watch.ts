import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../runtime/backoff.js';
import { type Clock, systemClock } from '../runtime/clock.js';
import type { Containerd } from './containerd.js';
import { ChangeQueue } from './change-queue.js';
import type { ContainerdChange } from './containerd-event.js';

/** What a watch tells, in order. Between `lost` and the next `look` nothing is known about changes. */
export type WatchSignal =
  /** Look at these again; each at most once in a signal. */
  | { readonly kind: 'changed'; readonly changes: readonly ContainerdChange[] }
  /** Look at everything: events begin now, or said less than what happened. */
  | { readonly kind: 'look'; readonly because: 'subscribed' | 'unclear-events' }
  /** Once for each different reason of an outage. */
  | { readonly kind: 'lost'; readonly reason: string };

export interface ContainerdWatchDeps {
  readonly containerd: Pick<Containerd, 'subscribe' | 'version'>;
  readonly signal: (signal: WatchSignal) => void;
  readonly clock?: Pick<Clock, 'monotonic'>;
  readonly random?: () => number;
  readonly timing?: Partial<WatchTiming>;
}

export interface WatchTiming {
  /** Waits between attempts: exponential with full jitter, from the first to the most. */
  readonly firstRetryMs: number;
  readonly mostRetryMs: number;
  /** A stream says nothing while nothing happens; whether containerd lives has to be asked. */
  readonly pingMs: number;
  /** A subscription that stood this long is a new beginning; one that did not counts as an attempt. */
  readonly heldMs: number;
  /** Changes within this span are told together. */
  readonly gatherMs: number;
}

const TIMING: WatchTiming = { firstRetryMs: 250, mostRetryMs: 10_000, pingMs: 15_000, heldMs: 10_000, gatherMs: 50 };

/** containerd doesn't say when a subscription stands; it was asked before the ping that was answered. */
const SETTLE_MS = 50;

/** Follows containerd's events for as long as it runs, through restarts and hangs. Memory is bounded whatever comes. */
export class ContainerdWatch {
  readonly #deps: ContainerdWatchDeps;
  readonly #timing: WatchTiming;
  readonly #queue = new ChangeQueue();
  readonly #stopping = new AbortController();
  #gathering: NodeJS.Timeout | undefined;
  #lostBecause: string | undefined;
  #ran: Promise<void> | undefined;

  constructor(deps: ContainerdWatchDeps) {
    this.#deps = deps;
    this.#timing = { ...TIMING, ...deps.timing };
  }

  start(): void {
    this.#ran ??= this.#run();
  }

  /** After this nothing is signalled. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ran;
  }

  async #run(): Promise<void> {
    const { firstRetryMs: firstMs, mostRetryMs: mostMs } = this.#timing;
    for (let attempt = 0; !this.#stopped(); attempt++) {
      const { held, reason } = await this.#follow();
      this.#forget();
      if (this.#stopped()) return;
      if (held) attempt = 0;
      if (this.#lostBecause !== reason) this.#deps.signal({ kind: 'lost', reason });
      this.#lostBecause = reason;
      await this.#pause(backoffMs({ firstMs, mostMs }, attempt, this.#deps.random));
    }
  }

  /** One subscription from its beginning to its end, and why it ended. */
  async #follow(): Promise<{ held: boolean; reason: string }> {
    const { containerd, signal, clock = systemClock } = this.#deps;
    const started = clock.monotonic();
    const ended = (why: string): { held: boolean; reason: string } => ({
      held: stood && clock.monotonic() - started >= this.#timing.heldMs,
      reason: why,
    });
    const over = new AbortController();
    let reason = '';
    let stood = false;
    const subscription = containerd.subscribe({
      event: ({ change }) => {
        if (stood) this.#changed(change);
      },
      ended: (why) => {
        reason = why;
        over.abort();
      },
    });
    const stop = (): void => {
      over.abort();
    };
    this.#stopping.signal.addEventListener('abort', stop);
    try {
      while (!over.signal.aborted) {
        const version = await containerd.version();
        if (version.state === 'unavailable') return ended(version.reason);
        await this.#pause(stood ? this.#timing.pingMs : SETTLE_MS, over.signal);
        if (stood || isAborted(over.signal)) continue;
        stood = true;
        this.#lostBecause = undefined;
        signal({ kind: 'look', because: 'subscribed' });
      }
      return ended(reason);
    } finally {
      this.#stopping.signal.removeEventListener('abort', stop);
      subscription.close();
    }
  }

  #changed(change: ContainerdChange | undefined): void {
    this.#queue.add(change);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      const changes = this.#queue.take();
      this.#deps.signal(
        changes === 'everything' ? { kind: 'look', because: 'unclear-events' } : { kind: 'changed', changes },
      );
    }, this.#timing.gatherMs);
  }

  #forget(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#queue.clear();
  }

  #pause(milliseconds: number, signal: AbortSignal = this.#stopping.signal): Promise<void> {
    return sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  }

  #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }
}

/** Asked through a function, because TypeScript takes what it saw before an `await` for still true. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

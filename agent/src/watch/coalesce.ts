import type { Clock } from '@sealwatch/shared/runtime/clock.js';

export interface CoalescerTiming {
  /** How long the first event waits for those that come with it: a file is emptied, then written. */
  readonly gatherMs: number;
  /** Between two words about the same thing: at first, and after many. */
  readonly firstDelayMs: number;
  readonly lastDelayMs: number;
}

export interface CoalescerDeps<K> {
  /** Everything whose time has come, at once. */
  readonly onDue: (keys: readonly K[]) => void;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly timing?: Partial<CoalescerTiming>;
}

interface Pace {
  /** Monotonic; NaN: nothing is waiting. */
  dueAt: number;
  saidAt: number;
  delayMs: number;
}

const TIMING: CoalescerTiming = { gatherMs: 2, firstDelayMs: 20, lastDelayMs: 1000 };
/** A thing that was quiet for so many of its delays begins anew. */
const QUIET_DELAYS = 2;
const QUIET_MS = 2000;

/**
 * Many events, few words: the first event of a thing is said almost at once, what follows in growing delays, and the
 * last event is always followed by a word.
 */
export class Coalescer<K> {
  readonly #deps: CoalescerDeps<K>;
  readonly #timing: CoalescerTiming;
  readonly #paces = new Map<K, Pace>();
  #timer: NodeJS.Timeout | undefined;
  /** Monotonic; of the timer. */
  #wakesAt = Infinity;
  #stopped = false;

  constructor(deps: CoalescerDeps<K>) {
    this.#deps = deps;
    this.#timing = { ...TIMING, ...deps.timing };
  }

  /** Something happened to it. */
  hear(key: K): void {
    if (this.#stopped) return;
    const now = this.#deps.clock.monotonic();
    let pace = this.#paces.get(key);
    if (pace !== undefined && !Number.isNaN(pace.dueAt)) return;
    if (pace === undefined || isQuiet(pace, now)) {
      pace = { dueAt: now, saidAt: -Infinity, delayMs: 0 };
      this.#paces.set(key, pace);
    }
    const { gatherMs, firstDelayMs, lastDelayMs } = this.#timing;
    pace.dueAt = Math.max(now + gatherMs, pace.saidAt + pace.delayMs);
    pace.delayMs = Math.min(lastDelayMs, Math.max(firstDelayMs, pace.delayMs * 2));
    this.#wake(pace.dueAt);
  }

  /** Says no more about it. */
  forget(key: K): void {
    this.#paces.delete(key);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#paces.clear();
  }

  #wake(at: number): void {
    if (at >= this.#wakesAt) return;
    clearTimeout(this.#timer);
    this.#wakesAt = at;
    this.#timer = setTimeout(
      () => {
        this.#say();
      },
      Math.max(0, at - this.#deps.clock.monotonic()),
    );
  }

  #say(): void {
    this.#timer = undefined;
    this.#wakesAt = Infinity;
    const now = this.#deps.clock.monotonic();
    const due: K[] = [];
    for (const [key, pace] of this.#paces) {
      // a timer may fire a little early
      if (pace.dueAt <= now + 1) {
        due.push(key);
        pace.dueAt = NaN;
        pace.saidAt = now;
      } else if (Number.isNaN(pace.dueAt)) {
        if (isQuiet(pace, now)) this.#paces.delete(key);
      } else {
        this.#wake(pace.dueAt);
      }
    }
    if (due.length > 0) this.#deps.onDue(due);
  }
}

function isQuiet({ saidAt, delayMs }: Pace, now: number): boolean {
  return now - saidAt > Math.max(QUIET_MS, QUIET_DELAYS * delayMs);
}

import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { HostPressure, OutsideBudget, ScanSpending } from '@sealwatch/shared/statement/scan-spending.js';
import type { BudgetLimits } from './budget-limits.js';
import { longestRest, spread } from './rest-after-work.js';
import { greaterPressure, slowDown } from './slow-down.js';
import { TurnWatch } from './turn-watch.js';

/** Shorter ones would be all waking up; what is owed adds up until it is worth it. */
const SHORTEST_REST_MS = 10;
/** Timers are late. What was rested too much, up to this, is worked off later. */
const MOST_CREDIT_MS = 100;

export interface PaceDeps {
  readonly limits: BudgetLimits;
  readonly pressure: () => HostPressure;
  /** Of the whole program so far, milliseconds. */
  readonly cpuMs: () => number;
  /** Sleeps so many milliseconds, or until the signal is aborted. Never rejects. */
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly clock: Clock;
}

export interface PaceOptions {
  /** Null: held to the budget as long as that leaves the scan on time. */
  readonly outside: Exclude<OutsideBudget, 'deadline'> | null;
  /** The scan has to be over after so many milliseconds. */
  readonly withinMs: number;
  /** Work of the scan before, milliseconds without rests. */
  readonly expectedMs: number;
  /** Ends a rest. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * One scan's speed. Each slice has a time over which its cost is spread; once the scan is ahead of the sum of these
 * times, it rests. What the rest of the program costs meanwhile counts too.
 */
export class ScanPace {
  readonly #deps: PaceDeps;
  readonly #options: PaceOptions;
  readonly #turns: TurnWatch;
  /** Monotonic. */
  readonly #beganAt: number;
  readonly #cpuAtBegin: number;
  /** Monotonic: when everything until now is paid for. */
  #paidAt: number;
  /** Monotonic: the last turn of this slice. */
  #resumedAt: number;
  #cpuCounted: number;
  #bytes = 0;
  #workMs = 0;
  #workedSinceRest = 0;
  #pausedMs = 0;
  #late = false;
  #pressure: HostPressure | null = null;

  constructor(deps: PaceDeps, options: PaceOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#turns = new TurnWatch(deps);
    this.#beganAt = deps.clock.monotonic();
    this.#paidAt = this.#beganAt;
    this.#resumedAt = this.#beganAt;
    this.#cpuAtBegin = deps.cpuMs();
    this.#cpuCounted = this.#cpuAtBegin;
    this.#turns.begin();
  }

  /** Work so far without rests, milliseconds. */
  get workMs(): number {
    return this.#workMs + (this.#deps.clock.monotonic() - this.#resumedAt);
  }

  /** Bytes that were read for this scan, from wherever. */
  read(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Between two slices: lets the event loop turn, and rests if that is due. */
  async pause(): Promise<void> {
    this.#endSlice();
    const restMs = this.#options.outside === null ? this.#due() : 0;
    const from = this.#deps.clock.monotonic();
    if (restMs > 0) {
      await this.#deps.sleep(restMs, this.#options.signal);
      this.#workedSinceRest = 0;
    } else {
      await nextTurn();
    }
    this.#resumedAt = this.#deps.clock.monotonic();
    if (restMs > 0) this.#pausedMs += this.#resumedAt - from;
    this.#turns.begin();
  }

  /** Up to now, rounded. */
  spent(): ScanSpending {
    const { outside } = this.#options;
    this.#turns.end();
    return {
      cpuMs: Math.round(this.#deps.cpuMs() - this.#cpuAtBegin),
      pausedMs: Math.round(this.#pausedMs),
      outsideBudget: outside ?? (this.#late ? 'deadline' : null),
      worstTurnMs: Math.round(this.#turns.worstMs),
      pressure: this.#pressure,
    };
  }

  /** Counts the slice that has just ended. */
  #endSlice(): void {
    const now = this.#deps.clock.monotonic();
    this.#turns.end();
    this.#workMs += now - this.#resumedAt;
    this.#workedSinceRest += now - this.#resumedAt;
    this.#resumedAt = now;
  }

  /** Milliseconds to rest now; 0 for none. */
  #due(): number {
    const { limits, pressure, cpuMs, clock } = this.#deps;
    const now = clock.monotonic();
    const seen = pressure();
    this.#pressure = greaterPressure(this.#pressure, seen);
    const cpu = cpuMs();
    const cost = spread({ cpuMs: cpu - this.#cpuCounted, bytes: this.#bytes }, slowDown(limits, seen));
    this.#cpuCounted = cpu;
    this.#bytes = 0;
    // a long wait for a service is no credit for a burst of hashing
    this.#paidAt = Math.max(this.#paidAt + cost, now - MOST_CREDIT_MS);
    const owedMs = this.#paidAt - now;
    if (owedMs < SHORTEST_REST_MS) return 0;
    const allowedMs = longestRest({
      leftMs: this.#beganAt + this.#options.withinMs - now,
      workedMs: this.#workedSinceRest,
      remainingMs: Math.max(0, this.#options.expectedMs - this.#workMs),
    });
    if (owedMs <= allowedMs) return owedMs;
    this.#late = true;
    // what there is no time for is given up, or the scan would rest for it later
    this.#paidAt = now + allowedMs;
    return allowedMs < 1 ? 0 : allowedMs;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { BudgetLimits } from './budget-limits.js';
import { PressureGauge } from './pressure-gauge.js';
import { type PaceDeps, ScanPace } from './scan-pace.js';

/** A background scan is over after this part of its interval at the latest, or its evidence would be late. */
const PART_OF_INTERVAL = 0.25;

/** What `status` says of it. */
export interface BudgetStatus extends BudgetLimits {
  /** Of one core, since the program started; everything it does, scans outside the budget among them. */
  readonly cpuShareSoFar: number;
}

export type BudgetDeps = Pick<PaceDeps, 'limits' | 'clock'> & Partial<PaceDeps>;

/** A scan under way: what it has to call, and what it cost. */
export type BudgetedScan = Pick<ScanPace, 'read' | 'spent'> & {
  readonly pause: () => Promise<void>;
  /** The scan was whole: the next one is as much work. A look at a part of the host ends without it. */
  readonly done: () => void;
};

/**
 * Keeps background scans out of the host's way: within a share of a processor and a rate of reading, less when the
 * host is under pressure, more only when a scan would not end in time. The first scan since the start and whatever
 * somebody waits for are not held back; they let the event loop turn all the same.
 */
export class Budget {
  readonly #deps: PaceDeps;
  /** Monotonic. */
  readonly #startedAt: number;
  readonly #cpuAtStart: number;
  /** Of the last whole scan, without its rests. */
  #workMs: number | undefined;

  constructor(deps: BudgetDeps) {
    const gauge = new PressureGauge(deps);
    this.#deps = { pressure: () => gauge.now(), cpuMs: ownCpuMs, sleep: interruptibleSleep, ...deps };
    this.#startedAt = deps.clock.monotonic();
    this.#cpuAtStart = this.#deps.cpuMs();
  }

  /** @param options.signal ends a rest; whoever scans has to look at it */
  begin(options: { urgent: boolean; intervalMs: number; signal?: AbortSignal }): BudgetedScan {
    const expectedMs = this.#workMs;
    const pace = new ScanPace(this.#deps, {
      outside: options.urgent ? 'urgent' : expectedMs === undefined ? 'first' : null,
      withinMs: options.intervalMs * PART_OF_INTERVAL,
      expectedMs: expectedMs ?? 0,
      signal: options.signal,
    });
    return {
      pause: () => pace.pause(),
      read: (bytes) => {
        pace.read(bytes);
      },
      spent: () => pace.spent(),
      done: () => {
        this.#workMs = pace.workMs;
      },
    };
  }

  status(): BudgetStatus {
    const { limits, cpuMs, clock } = this.#deps;
    const elapsedMs = Math.max(1, clock.monotonic() - this.#startedAt);
    const share = (cpuMs() - this.#cpuAtStart) / elapsedMs;
    return { ...limits, cpuShareSoFar: Math.round(share * 10_000) / 10_000 };
  }
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function interruptibleSleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}

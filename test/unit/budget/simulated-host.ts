import { Budget } from '@sealwatch/agent/budget/budget.js';
import type { BudgetLimits } from '@sealwatch/agent/budget/budget-limits.js';
import type { HostPressure } from '@sealwatch/shared/statement/scan-spending.js';
import { TestClock } from '../../fakes/test-clock.js';

export const CALM: HostPressure = { source: 'psi', cpu: 0, io: 0, memory: 0 };

export interface ScanTotals {
  readonly elapsedMs: number;
  readonly cpuMs: number;
  readonly bytes: number;
}

/** A host whose time passes only by work and by sleeping: what a budget really allows can be counted to the millisecond. */
export class SimulatedHost {
  readonly clock: TestClock = new TestClock();
  readonly budget: Budget;
  readonly sleeps: number[] = [];
  pressure: HostPressure = CALM;
  /** A timer that is late, as they are. */
  oversleepMs = 0;
  #cpuMs = 400;

  constructor(limits: Partial<BudgetLimits> = {}) {
    this.budget = new Budget({
      limits: { cpuShare: 0.1, bytesPerSecond: 1e12, ...limits },
      clock: this.clock,
      pressure: () => this.pressure,
      cpuMs: () => this.#cpuMs,
      sleep: (milliseconds, signal) => {
        this.sleeps.push(milliseconds);
        if (signal?.aborted !== true) this.clock.advance(milliseconds + this.oversleepMs);
        return Promise.resolve();
      },
    });
  }

  work(milliseconds: number): void {
    this.clock.advance(milliseconds);
    this.#cpuMs += milliseconds;
  }

  /** A whole scan of equal slices. */
  async scan(options: {
    slices: number;
    sliceMs?: number;
    sliceBytes?: number;
    urgent?: boolean;
    intervalMs?: number;
    /** Before a slice. */
    before?: (slice: number) => void;
  }): Promise<ScanTotals & { spent: ReturnType<ReturnType<Budget['begin']>['spent']> }> {
    const { slices, sliceMs = 1, sliceBytes = 0, urgent = false, intervalMs = 86_400_000, before } = options;
    const from = this.clock.monotonic();
    const cpuFrom = this.#cpuMs;
    const scan = this.budget.begin({ urgent, intervalMs });
    for (let slice = 0; slice < slices; slice++) {
      before?.(slice);
      this.work(sliceMs);
      scan.read(sliceBytes);
      await scan.pause();
    }
    scan.done();
    const elapsedMs = this.clock.monotonic() - from;
    return { elapsedMs, cpuMs: this.#cpuMs - cpuFrom, bytes: slices * sliceBytes, spent: scan.spent() };
  }
}

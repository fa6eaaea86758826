import type { BudgetLimits } from './budget-limits.js';

export interface Work {
  /** Processor time, milliseconds. */
  readonly cpuMs: number;
  readonly bytes: number;
}

/** Milliseconds over which work has to be spread, itself included, to cost no more than the limits. */
export function spread({ cpuMs, bytes }: Work, { cpuShare, bytesPerSecond }: BudgetLimits): number {
  return Math.max(cpuMs / cpuShare, (bytes / bytesPerSecond) * 1000);
}

export interface DeadlineView {
  /** Until the scan has to be over, milliseconds. */
  readonly leftMs: number;
  /** Since the last rest, milliseconds. */
  readonly workedMs: number;
  /** That is still to come, as the scan before tells; 0 if this one is already longer. */
  readonly remainingMs: number;
}

/**
 * The longest rest now that leaves the scan on time: what is left beside the remaining work, in the proportion of the
 * work done since the last rest. So the whole scan slows down evenly, not its beginning alone.
 */
export function longestRest({ leftMs, workedMs, remainingMs }: DeadlineView): number {
  const spare = leftMs - remainingMs;
  if (spare <= 0) return 0;
  return remainingMs === 0 ? spare : (spare * workedMs) / (workedMs + remainingMs);
}

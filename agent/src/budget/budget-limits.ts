/** What background scans may cost the host: the operator's to say. */
export interface BudgetLimits {
  /** Of one processor core, 0.01 to 1. */
  readonly cpuShare: number;
  readonly bytesPerSecond: number;
}

export const DEFAULT_BUDGET_LIMITS: BudgetLimits = { cpuShare: 0.1, bytesPerSecond: 50 * 1024 ** 2 };

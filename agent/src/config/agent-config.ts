import type { LogLevel } from '@sealwatch/shared/runtime/log.js';
import type { BudgetLimits } from '../budget/budget-limits.js';
import type { OutboxBounds } from '../outbox/outbox.js';

/** How this agent runs. What it measures and how often is not its own to say: that is in the release. */
export interface AgentConfig {
  /** Absolute. */
  readonly stateDir: string;
  /** Where the host's file system is seen from here; absolute. */
  readonly hostRoot: string;
  /** As the host has it; absolute. */
  readonly containerdSocket: string;
  readonly logLevel: LogLevel;
  readonly outbox: OutboxBounds;
  /** Of background scans. */
  readonly budget: BudgetLimits;
}

import * as z from 'zod/mini';
import { countSchema } from '../measurement/field-schemas.js';

/** Why a scan, or a part of it, was not held to the budget. */
export const OUTSIDE_BUDGET = [
  /** Somebody waits for its answer. */
  'urgent',
  /** The first since the program started: nobody knows yet how much work a scan is. */
  'first',
  /** Its evidence would have come too late. */
  'deadline',
] as const;
export type OutsideBudget = (typeof OUTSIDE_BUDGET)[number];

export const PRESSURE_SOURCES = ['psi', 'load', 'unknown'] as const;

/** How much others on the host wait: percent of time, rounded. Null: this source does not tell. */
export interface HostPressure {
  /** `psi`: the kernel's own account; `load`: made up from load average and disk times; `unknown`: neither is readable. */
  readonly source: (typeof PRESSURE_SOURCES)[number];
  readonly cpu: number | null;
  readonly io: number | null;
  readonly memory: number | null;
}

/** What one scan cost the host, and how it was held back. */
export interface ScanSpending {
  /** Processor time of the whole program while the scan lasted, milliseconds. */
  readonly cpuMs: number;
  /** Spent asleep to keep to the budget, milliseconds. */
  readonly pausedMs: number;
  /** Null: it was within the budget from beginning to end. */
  readonly outsideBudget: OutsideBudget | null;
  /** The longest the event loop had to wait for a slice of the scan, milliseconds. */
  readonly worstTurnMs: number;
  /** The most that was seen of each while it lasted; null if nobody looked, as for a scan outside the budget. */
  readonly pressure: HostPressure | null;
}

const percent = z.nullable(z.int().check(z.minimum(0), z.maximum(100)));

export const hostPressureSchema: z.ZodMiniType<HostPressure> = z.strictObject({
  source: z.enum(PRESSURE_SOURCES),
  cpu: percent,
  io: percent,
  memory: percent,
});

export const scanSpendingSchema: z.ZodMiniType<ScanSpending> = z.strictObject({
  cpuMs: countSchema,
  pausedMs: countSchema,
  outsideBudget: z.nullable(z.enum(OUTSIDE_BUDGET)),
  worstTurnMs: countSchema,
  pressure: z.nullable(hostPressureSchema),
});

import type { HostPressure } from '@sealwatch/shared/statement/scan-spending.js';
import type { BudgetLimits } from './budget-limits.js';

/** Our own work is part of what is seen, so a scan alone on an idle host must not slow itself down. */
const THRESHOLDS = {
  cpu: { from: 20, to: 60 },
  io: { from: 20, to: 60 },
  // little of it hurts already: programs wait for pages they had
  memory: { from: 5, to: 20 },
} as const;

/** Under full pressure limits are divided by so much, and never by more: evidence goes on. */
const MOST = 4;

/** The limits under this pressure: whole up to a threshold, a quarter from another on, evenly between them. */
export function slowDown({ cpuShare, bytesPerSecond }: BudgetLimits, pressure: HostPressure): BudgetLimits {
  const divisor = divisorOf(pressure);
  return { cpuShare: cpuShare / divisor, bytesPerSecond: bytesPerSecond / divisor };
}

/** 1 to 4, by what is waited for most. */
export function divisorOf(pressure: HostPressure): number {
  let worst = 0;
  for (const resource of ['cpu', 'io', 'memory'] as const) {
    const { from, to } = THRESHOLDS[resource];
    worst = Math.max(worst, ((pressure[resource] ?? 0) - from) / (to - from));
  }
  return 1 + (MOST - 1) * Math.min(worst, 1);
}

/** Of two, the greater for each resource. */
export function greaterPressure(a: HostPressure | null, b: HostPressure): HostPressure {
  if (a === null) return b;
  const greater = (one: number | null, other: number | null): number | null =>
    one === null || other === null ? (one ?? other) : Math.max(one, other);
  return {
    source: b.source,
    cpu: greater(a.cpu, b.cpu),
    io: greater(a.io, b.io),
    memory: greater(a.memory, b.memory),
  };
}

import { readFileSync } from 'node:fs';
import { parseProcessStat } from '@sealwatch/shared/proc/process-stat.js';

/** One process and no later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, decimal. */
  readonly startTime: string;
}

/** Undefined if the process has ended. */
export function identifyProcess(procPath: string, pid: number): ProcessIdentity | undefined {
  try {
    const stat = parseProcessStat(readFileSync(`${procPath}/${String(pid)}/stat`));
    return stat === undefined || stat.state === 'Z' ? undefined : { pid, startTime: stat.startTime };
  } catch {
    return undefined;
  }
}

export function isSameProcess(a: ProcessIdentity | undefined, b: ProcessIdentity): boolean {
  return a !== undefined && a.pid === b.pid && a.startTime === b.startTime;
}

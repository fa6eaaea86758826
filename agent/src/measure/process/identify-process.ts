import { readStat } from './read-stat.js';

/** One process and no later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, decimal. */
  readonly startTime: string;
}

/** Who has a pid now. Undefined if nobody has it. */
export function identifyProcess(procRoot: string, pid: number): ProcessIdentity | undefined {
  const file = readStat(`${procRoot}/${String(pid)}`);
  return file.state === 'read' ? { pid, startTime: file.stat.startTime } : undefined;
}

/** The same, unless its first thread has ended: then its executable and open files are not found under its pid. */
export function identifyReachable(procRoot: string, pid: number): ProcessIdentity | undefined {
  const file = readStat(`${procRoot}/${String(pid)}`);
  return file.state === 'read' && file.stat.state !== 'Z' ? { pid, startTime: file.stat.startTime } : undefined;
}

export function isSameProcess(a: ProcessIdentity | undefined, b: ProcessIdentity): boolean {
  return a !== undefined && a.pid === b.pid && a.startTime === b.startTime;
}

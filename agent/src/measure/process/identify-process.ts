import { readStat } from './read-stat.js';

/** One process and no later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, decimal. */
  readonly startTime: string;
}

/** Who has a pid now, for a caller that knows no more: a container's runtime says pids. Undefined if nobody has it. */
export function identifyProcess(procRoot: string, pid: number): ProcessIdentity | undefined {
  const file = readStat(`${procRoot}/${String(pid)}`);
  return file.state === 'read' ? { pid, startTime: file.stat.startTime } : undefined;
}

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfStopped } from '../throw-if-stopped.js';
import type { FirstProcesses } from './container-owners.js';
import { type ContainerProcesses, containerProcesses } from './container-processes.js';

/** Many times what a runtime needs, on a busy host too, to become the program it was asked to start. */
const SETTLE_MS = 300;
/** USER_HZ is 100 wherever Node runs (proc_pid_stat(5)). */
const MS_PER_TICK = 10;

/**
 * What is started in a container is its runtime for a moment. If something has just begun, the processes are listed anew
 * after that moment, once: whoever keeps beginning is measured as what it is then.
 * @throws CodedError('request.cancelled')
 */
export async function settledContainers(
  procRoot: string,
  firsts: FirstProcesses,
  signal: AbortSignal | undefined,
): Promise<ContainerProcesses> {
  const seen = containerProcesses(procRoot, firsts);
  if (!hasJustBegun(procRoot, seen)) return seen;
  await sleep(SETTLE_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  throwIfStopped(signal);
  return containerProcesses(procRoot, firsts);
}

function hasJustBegun(procRoot: string, { found }: ContainerProcesses): boolean {
  if (found.length === 0) return false;
  const now = msSinceBoot(procRoot);
  return found.some(({ process }) => !(now - Number(process.startTime) * MS_PER_TICK > SETTLE_MS));
}

/** Counting the time the host slept, as start times do; NaN if nobody says. */
function msSinceBoot(procRoot: string): number {
  try {
    return Number(readFileSync(`${procRoot}/uptime`, 'latin1').split(' ')[0]) * 1000;
  } catch {
    return NaN;
  }
}

import { readdirSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import type { ProcessStat } from '@sealwatch/shared/proc/process-stat.js';
import { isGone } from './is-gone.js';
import { readStat } from './read-stat.js';

/** Where a process can be looked at: `/proc/PID`, or `/proc/PID/task/TID`. */
export type LiveDirectory =
  | { readonly state: 'live'; readonly directory: string }
  | { readonly state: 'ended' }
  | { readonly state: 'unreadable'; readonly reason: string };

const MAX_LOOKS = 64;

/**
 * A process lives as long as one of its threads does. When the first has ended, procfs shows a zombie without memory or
 * executable at the process's own place, and everything at the places of the others.
 * @param directory `/proc/PID`
 * @param stat read from there
 */
export function liveDirectory(directory: string, stat: ProcessStat): LiveDirectory {
  if (!isDead(stat)) return { state: 'live', directory };
  if (stat.threads <= 1) return { state: 'ended' };
  try {
    const threads = readdirSync(`${directory}/task`).filter((name) => name !== String(stat.pid));
    for (const thread of threads.slice(0, MAX_LOOKS)) {
      const place = `${directory}/task/${thread}`;
      const file = readStat(place);
      if (file.state === 'read' && !isDead(file.stat)) return { state: 'live', directory: place };
    }
    return { state: 'ended' };
  } catch (error) {
    return isGone(error) ? { state: 'ended' } : { state: 'unreadable', reason: unreadableReason(error) };
  }
}

function isDead({ state }: ProcessStat): boolean {
  return state === 'Z' || state === 'X' || state === 'x';
}

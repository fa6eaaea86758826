import { closeSync, openSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { isGone } from './is-gone.js';
import { EndedMeanwhile } from './meanwhile.js';

/** A process's memory, and the table that says whose each page is. */
export type OpenMemory =
  | { readonly state: 'opened'; readonly memory: number; readonly pagemap: number | undefined }
  | { readonly state: 'unreadable'; readonly reason: string };

/**
 * A descriptor of `mem` stays with the memory it was opened for: after exec or exit it reads nothing, never another's.
 * @param directory `/proc/PID`
 * @throws EndedMeanwhile
 */
export function openMemory(directory: string): OpenMemory {
  try {
    const memory = openSync(`${directory}/mem`, 'r');
    return { state: 'opened', memory, pagemap: openPagemap(directory) };
  } catch (error) {
    if (isGone(error)) throw new EndedMeanwhile();
    return { state: 'unreadable', reason: unreadableReason(error) };
  }
}

function openPagemap(directory: string): number | undefined {
  try {
    return openSync(`${directory}/pagemap`, 'r');
  } catch {
    // a kernel without it: the bytes are compared all the same
    return undefined;
  }
}

export function closeMemory(open: OpenMemory): void {
  if (open.state === 'unreadable') return;
  closeSync(open.memory);
  if (open.pagemap !== undefined) closeSync(open.pagemap);
}

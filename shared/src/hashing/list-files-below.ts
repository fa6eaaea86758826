import { opendir } from 'node:fs/promises';
import { errnoOf } from '../runtime/coded-error.js';
import { unreadableReason } from './unreadable-reason.js';
import { endOfPath } from './walk-path.js';

/** The names in a directory that are no directories themselves, in the order of their bytes. */
export type ListedFiles =
  | {
      readonly state: 'listed';
      readonly names: readonly Buffer[];
      /** How many directories are among them. */
      readonly directories: number;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'no-directory' }
  | { readonly state: 'unreadable'; readonly reason: string };

/** Lists a directory without leaving the root. One with more than `max` files is unreadable. Never throws. */
export async function listFilesBelow(root: string, path: Buffer, max: number): Promise<ListedFiles> {
  const listed = await endOfPath(root, path, (at) => namesOf(at, max));
  if (listed.state === 'not-regular') return { state: 'unreadable', reason: `no directory (${listed.fileType})` };
  return listed;
}

async function namesOf(at: number, max: number): Promise<ListedFiles> {
  const names: Buffer[] = [];
  let directories = 0;
  try {
    // latin1 is one character per byte: names that are not UTF-8 keep their bytes
    for await (const entry of await opendir(`/proc/self/fd/${String(at)}`, { encoding: 'latin1' })) {
      if (entry.isDirectory()) {
        directories += 1;
        continue;
      }
      if (names.length === max) return { state: 'unreadable', reason: `more than ${String(max)} files` };
      names.push(Buffer.from(entry.name, 'latin1'));
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return { state: 'no-directory' };
    return { state: 'unreadable', reason: unreadableReason(error) };
  }
  return { state: 'listed', names: names.sort((a, b) => Buffer.compare(a, b)), directories };
}

import { errnoOf } from '../runtime/coded-error.js';

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'input/output error',
  ENAMETOOLONG: 'name too long',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  ESTALE: 'stale file handle',
};

/**
 * Why something could not be read, in words that are the same each time and name no path of this machine: an unchanged
 * host has to give unchanged measurements. `permission denied (EACCES)`
 */
export function unreadableReason(error: unknown): string {
  const errno = errnoOf(error);
  if (errno === undefined) return 'cannot be read';
  return `${WORDS[errno] ?? 'cannot be read'} (${errno})`;
}

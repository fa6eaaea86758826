import { errnoOf } from '@sealwatch/shared/runtime/coded-error.js';

/** How procfs says that the process has ended: its directory is no more, or is one of nobody. */
export function isGone(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOENT' || errno === 'ESRCH';
}

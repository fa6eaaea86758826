import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';

/** Init's view of the file system: what an agent in a mount namespace of its own still has to measure. */
export const DEFAULT_HOST_ROOT = '/proc/1/root';

/**
 * @param flag what on this command line measures what the program itself sees
 * @throws CodedError('file.unreadable') if nothing of the host can be seen from here
 */
export async function requireHostRoot(hostRoot: string, flag: string): Promise<void> {
  const root = await openBelow(hostRoot, Buffer.from('/'));
  if (root.state !== 'unreadable') return;
  throw new CodedError('file.unreadable', `${hostRoot}: ${root.reason}; ${remedy(hostRoot, flag)}`);
}

function remedy(hostRoot: string, flag: string): string {
  if (hostRoot === DEFAULT_HOST_ROOT) return `run as root (with CAP_SYS_PTRACE) or give ${flag}`;
  return "it has to be the directory in which the host's files are seen";
}

import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';

/** Init's view of the file system: what an agent in a mount namespace of its own still has to measure. */
export const DEFAULT_HOST_ROOT = '/proc/1/root';

/** @throws CodedError('file.unreadable') if nothing of the host can be seen from here */
export async function requireHostRoot(hostRoot: string): Promise<void> {
  const root = await openBelow(hostRoot, Buffer.from('/'));
  if (root.state !== 'unreadable') return;
  throw new CodedError(
    'file.unreadable',
    `${hostRoot}: ${root.reason}; run as root (with CAP_SYS_PTRACE) or give --root /`,
  );
}

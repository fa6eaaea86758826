import { readlinkSync, statSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import type { Known } from '@sealwatch/shared/proc/process-facts.js';
import { isGone } from './is-gone.js';
import { EndedMeanwhile } from './meanwhile.js';

/** Whether a process has the host's root directory, and its mount namespace. @throws EndedMeanwhile */
export function readPlace(
  procRoot: string,
  hostRoot: string,
  directory: string,
): { root: Known<'host' | 'own'>; mountNamespace: Known<'host' | 'own'> } {
  const root = compared(() => {
    const own = statSync(`${directory}/root`, { bigint: true });
    const host = statSync(hostRoot, { bigint: true });
    return own.dev === host.dev && own.ino === host.ino;
  });
  const mountNamespace = compared(() => readlinkSync(`${directory}/ns/mnt`) === readlinkSync(`${procRoot}/1/ns/mnt`));
  return { root, mountNamespace };
}

function compared(isHost: () => boolean): Known<'host' | 'own'> {
  try {
    return { state: 'known', value: isHost() ? 'host' : 'own' };
  } catch (error) {
    if (isGone(error)) throw new EndedMeanwhile();
    return { state: 'unreadable', reason: unreadableReason(error) };
  }
}

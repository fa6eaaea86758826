import { readdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '@sealwatch/shared/runtime/coded-error.js';
import { syncDirectory } from '@sealwatch/shared/runtime/durable-file.js';
import { ensurePrivateDirectory } from '@sealwatch/shared/runtime/private-files.js';
import { requireEnrollment } from './enrollment-record.js';
import { StateLock } from './state-lock.js';
import { ENROLLMENT_ROOMS, type StatePaths, statePaths } from './state-paths.js';

/**
 * Takes the state directory for this process alone, private and whole: an enrolment that a crash interrupted is
 * finished first.
 * @throws CodedError('file.too-permissive' | 'store.unavailable')
 */
export async function openStateDir(paths: StatePaths): Promise<StateLock> {
  await ensurePrivateDirectory(paths.stateDir);
  const lock = await StateLock.take(paths);
  try {
    await finishEnrollment(paths);
  } catch (error) {
    await lock.release();
    throw error;
  }
  return lock;
}

/**
 * Moves a complete new enrolment in, room by room, and what stood there before out to `replaced/`. `trust` holds the
 * record that makes a host enrolled and comes last. A room that is still in `enrolled.next` was not moved yet, so this
 * may be interrupted anywhere and called again.
 */
export async function finishEnrollment(paths: StatePaths): Promise<void> {
  const { stateDir, next } = paths;
  const rooms = await namesIn(next);
  if (rooms === undefined) return;
  for (const room of ENROLLMENT_ROOMS) {
    if (!rooms.includes(room)) continue;
    if ((await namesIn(join(stateDir, room))) !== undefined) {
      const aside = await asideOf(paths);
      await ensurePrivateDirectory(aside);
      await rename(join(stateDir, room), join(aside, room));
    }
    await rename(join(next, room), join(stateDir, room));
    await syncDirectory(stateDir);
  }
  await rmdir(next);
  await syncDirectory(stateDir);
}

/** Named after the enrolment that takes the place, which there is only once: the same before and after a crash. */
async function asideOf(paths: StatePaths): Promise<string> {
  const coming = await requireEnrollment(statePaths(paths.next));
  return join(paths.replaced, `before-${coming.clusterId.slice(0, 8)}-epoch-${String(coming.epoch)}`);
}

async function namesIn(directory: string): Promise<string[] | undefined> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

import { type BigIntStats, fstatSync } from 'node:fs';
import { endOfPath } from '@sealwatch/shared/hashing/walk-path.js';
import { errnoOf, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { fileId } from '../measure/process/file-id.js';
import type { FollowedPath, Trail, Use } from './followed-path.js';
import type { InodeWatch, Interest } from './inode-watch.js';
import { isBelow } from './leads-through.js';
import { stampOf } from './stamp-of.js';
import { TooManyWatches } from './watch-pool.js';

/** Watches what a descriptor is open on, or finds the watch that does. @throws a system error, `TooManyWatches` */
export type WatchAt = (fd: number, stat: BigIntStats) => InodeWatch<FollowedPath>;

/** An honest path has a dozen. */
const MAX_STEPS = 256;

/**
 * Walks a path as it is measured, and watches on the way each directory for the next name, then what the path leads to.
 * Each is watched before it is looked into, so nothing happens in between unseen. Never throws.
 */
export async function armPath(hostRoot: string, followed: FollowedPath, watchAt: WatchAt): Promise<Trail> {
  const uses: Use[] = [];
  const places: Buffer[] = [];
  let unwatched: string | null = null;
  const arm = (fd: number, interestIn: (stat: BigIntStats) => Interest): string => {
    const stat = fstatSync(fd, { bigint: true });
    try {
      const use = { watch: watchAt(fd, stat), interest: interestIn(stat) };
      use.watch.add(use.interest, followed);
      uses.push(use);
    } catch (error) {
      unwatched ??= refusalOf(error);
    }
    return fileId(stat);
  };
  let steps = 0;
  const end = await endOfPath(
    hostRoot,
    followed.path,
    (fd) => {
      const { children } = followed;
      const id = arm(fd, (stat) =>
        children === undefined || !stat.isDirectory()
          ? { of: 'itself' }
          : { of: 'entries', matching: children === true ? null : children },
      );
      return Promise.resolve({ state: 'ended' as const, id });
    },
    (directory, realPath, name) => {
      if (++steps > MAX_STEPS) {
        unwatched ??= 'its path has too many steps';
        return;
      }
      addPlace(places, Buffer.concat([...realPath, name].flatMap((step) => [SLASH, step])));
      arm(directory, () => ({ of: 'entry', name: name.toString('latin1') }));
    },
  );
  if (end.state === 'unreadable') unwatched ??= end.reason;
  return {
    uses,
    places,
    end: end.state === 'ended' ? end.id : end.state,
    isMissing: end.state !== 'ended',
    unwatched,
    stamp: unwatched === null ? null : stampOf(hostRoot, places),
  };
}

const SLASH = Buffer.from('/');

/** A place on the way to the next one is not kept: what concerns that concerns this. */
function addPlace(places: Buffer[], place: Buffer): void {
  const last = places[places.length - 1];
  if (last !== undefined && isBelow(place, last)) places[places.length - 1] = place;
  else places.push(place);
}

/** Why there is no watch, with what helps. */
function refusalOf(error: unknown): string {
  if (error instanceof TooManyWatches) return error.message;
  switch (errnoOf(error)) {
    case 'ENOSPC':
      return 'too few inotify watches (sysctl fs.inotify.max_user_watches)';
    case 'EMFILE':
      return 'too few inotify instances or open files (sysctl fs.inotify.max_user_instances)';
    default:
      return errnoOf(error) ?? reasonOf(error);
  }
}

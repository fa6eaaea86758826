import { watch } from 'node:fs';

/** One event. `name` is an entry's in a directory, `.` for the directory itself, anything for what is no directory. */
export type OnInodeEvent = (event: 'change' | 'rename', name: Buffer | null) => void;

/**
 * Begins to watch what a path leads to, until it is closed.
 * @throws a system error: `ENOSPC`, `EMFILE`, `EACCES`, …
 */
export type WatchInode = (path: string, onEvent: OnInodeEvent) => { close(): void };

/**
 * inotify(7) as Node has it: modified, attributes, created, deleted, moved; reading is no event. The path is resolved
 * once, so one through `/proc/self/fd` watches what the descriptor is open on, also when that is closed.
 */
export const watchInode: WatchInode = (path, onEvent) => {
  const watcher = watch(path, { encoding: 'buffer', persistent: false }, onEvent);
  // libuv reports none on Linux; one without a listener would end the program
  watcher.on('error', () => {
    onEvent('rename', null);
  });
  return watcher;
};

import { type BigIntStats, closeSync, constants, fstatSync, openSync } from 'node:fs';
import { fileTypeOf } from '@sealwatch/shared/hashing/file-type.js';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { errnoOf } from '@sealwatch/shared/runtime/coded-error.js';
import { isGone } from './is-gone.js';

/** The file behind a link of procfs. `opened` owns a descriptor: close it. */
export type LinkedFile =
  | { readonly state: 'opened'; readonly fd: number; readonly stat: BigIntStats }
  | { readonly state: 'gone' }
  /** `denied`: to us, so another way may be open. */
  | { readonly state: 'unreadable'; readonly reason: string; readonly denied: boolean };

/** Linux's, on every architecture Node is built for; node:fs does not name it. */
const O_PATH = 0o10000000;

/**
 * Opens what `/proc/PID/exe` or `/proc/PID/map_files/A-B` leads to: the very file that runs, whatever is at its path
 * now. Only a regular file is opened for reading; a device that a process maps is never touched.
 */
export function openLinkedFile(link: string): LinkedFile {
  let path: number | undefined;
  try {
    path = openSync(link, O_PATH);
    const stat = fstatSync(path, { bigint: true });
    if (!stat.isFile()) return refused(`no regular file (${fileTypeOf(stat)})`);
    const fd = openSync(`/proc/self/fd/${String(path)}`, constants.O_RDONLY | constants.O_NONBLOCK);
    return { state: 'opened', fd, stat };
  } catch (error) {
    if (path === undefined && isGone(error)) return { state: 'gone' };
    return { ...refused(unreadableReason(error)), denied: isDenied(error) };
  } finally {
    if (path !== undefined) closeSync(path);
  }
}

function refused(reason: string): Extract<LinkedFile, { state: 'unreadable' }> {
  return { state: 'unreadable', reason, denied: false };
}

function isDenied(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'EPERM' || errno === 'EACCES';
}

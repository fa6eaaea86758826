import { realpathSync } from 'node:fs';

/** Whose mounts decide what is seen below a host root. */
export interface MountTable {
  /** A mountinfo file (proc_pid_mountinfo(5)). */
  readonly file: string;
  /** Where the host root is in that table: `/` if the table is that root's own. */
  readonly rootAt: string;
}

const ROOT_OF = /^\/proc\/(\d+)\/root\/?$/;

/**
 * A process's root has that process's table. Any other directory is seen through this program's own mounts, which are
 * readable also where process 1 isn't.
 */
export function mountTableOf(hostRoot: string): MountTable {
  const pid = ROOT_OF.exec(hostRoot)?.[1];
  if (pid !== undefined) return { file: `/proc/${pid}/mountinfo`, rootAt: '/' };
  return { file: '/proc/self/mountinfo', rootAt: realpathSync(hostRoot) };
}

/** A mount point as a path below the host root; undefined if it is elsewhere, `/` if the root is reached through it. */
export function belowRoot(mountPoint: Buffer, rootAt: string): Buffer | undefined {
  if (rootAt === '/') return mountPoint;
  const root = Buffer.from(rootAt);
  if (startsWithPath(root, mountPoint)) return Buffer.from('/');
  return startsWithPath(mountPoint, root) ? mountPoint.subarray(root.length) : undefined;
}

const SLASH = 0x2f;

function startsWithPath(path: Buffer, start: Buffer): boolean {
  if (start.length === 1) return true;
  if (!path.subarray(0, start.length).equals(start)) return false;
  return path.length === start.length || path[start.length] === SLASH;
}

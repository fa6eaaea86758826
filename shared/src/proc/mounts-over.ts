import type { Mount } from './mount-info.js';

/** A mount through which a path is reached. */
export interface MountOver {
  /** Mounted on the path itself, or on one of its directories. */
  readonly on: 'path' | 'ancestor';
  readonly mount: Mount;
}

const SLASH = 0x2f;

/**
 * The mounts on a path and on its directories, in the order they were made. The mount of `/` is none of them: every
 * path is below it.
 * @param path absolute, normal, without symlinks, seen from the same root as the table
 */
export function mountsOver(mounts: readonly Mount[], path: Buffer): MountOver[] {
  const over: MountOver[] = [];
  for (const mount of mounts) {
    const { mountPoint } = mount;
    if (mountPoint.equals(path)) over.push({ on: 'path', mount });
    else if (mountPoint.length > 1 && isBelow(path, mountPoint)) over.push({ on: 'ancestor', mount });
  }
  return over;
}

function isBelow(path: Buffer, directory: Buffer): boolean {
  return path[directory.length] === SLASH && path.subarray(0, directory.length).equals(directory);
}

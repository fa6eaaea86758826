import type { Mount } from '../proc/mount-info.js';
import { mountsOver } from '../proc/mounts-over.js';
import { pathText } from '../subject/path-text.js';
import { MAX_MOUNT_TEXT, type MountSeen } from './platform-observation.js';

const SLASH = Buffer.from('/');

/**
 * The mounts on any of the paths and on their directories, each once, in the order they were made.
 * @param paths absolute, without symlinks
 */
export function mountsSeen(mounts: readonly Mount[], paths: readonly Buffer[]): MountSeen[] {
  const over = new Set(paths.flatMap((path) => mountsOver(mounts, path).map(({ mount }) => mount)));
  return mounts
    .filter((mount) => over.has(mount))
    .map((mount) => ({
      mountPoint: bounded(pathText(mount.mountPoint)),
      fsType: bounded(mount.fsType),
      root: bounded(pathText(mount.root)),
      origin: originOf(mount, mounts),
    }));
}

/** Another mount of the same file system that shows it, too: for a bind mount, where it was taken from. */
function originOf(mount: Mount, mounts: readonly Mount[]): string | null {
  for (const other of mounts) {
    if (other === mount || other.device !== mount.device) continue;
    const inside = relativeTo(mount.root, other.root);
    if (inside === undefined) continue;
    const path = Buffer.concat([withoutSlash(other.mountPoint), inside]);
    if (!path.equals(mount.mountPoint)) return path.length === 0 ? '/' : bounded(pathText(path));
  }
  return null;
}

/** What of `path` stands behind `directory`: empty or beginning with a slash. */
function relativeTo(path: Buffer, directory: Buffer): Buffer | undefined {
  const base = withoutSlash(directory);
  if (!path.subarray(0, base.length).equals(base)) return undefined;
  const rest = withoutSlash(path.subarray(base.length));
  return rest.length === 0 || rest[0] === SLASH[0] ? rest : undefined;
}

/** Of the root, nothing is left. */
function withoutSlash(path: Buffer): Buffer {
  return path.equals(SLASH) ? path.subarray(1) : path;
}

/** A path can be longer than a report should be; its beginning tells enough. */
function bounded(text: string): string {
  return text.length <= MAX_MOUNT_TEXT ? text : `${text.slice(0, MAX_MOUNT_TEXT - 1)}…`;
}

import { type BigIntStats, fstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unreadableReason } from '../hashing/unreadable-reason.js';
import { openBelow } from '../hashing/walk-path.js';
import type { LocatedFile } from './open-snapshot.js';

/** How a located file looks from inside its container. */
export type SeenByProcess =
  | { readonly state: 'same' }
  /** Nothing is there: an opaque directory or a mount hides it. */
  | { readonly state: 'hidden' }
  /** Something else is there: another file, or a mount over it. */
  | { readonly state: 'other' }
  | { readonly state: 'unreadable'; readonly reason: string };

/**
 * Looks at a located file through the root of a process of its container (proc(5), /proc/PID/root), where the kernel has
 * merged the layers: what opaque directories and mounts inside the container hide can't be seen in the layers. overlayfs
 * passes on number, size and times of the layer's file; a mount over it has another device. Never throws.
 */
export async function seenByProcess(
  hostRoot: string,
  pid: number,
  located: Extract<LocatedFile, { state: 'found' }>,
): Promise<SeenByProcess> {
  const root = join(hostRoot, 'proc', String(pid), 'root');
  const opened = await openBelow(root, located.realPath);
  switch (opened.state) {
    case 'absent':
      return { state: 'hidden' };
    case 'not-regular':
      return { state: 'other' };
    case 'unreadable':
      return opened;
    case 'opened':
      break;
  }
  try {
    const seen = fstatSync(opened.fd, { bigint: true });
    // the root's own device is the overlay's; older kernels show that of the layer (3.10)
    const devices = [statSync(join(root, '/'), { bigint: true }).dev, located.stat.dev];
    // a copy that was made for writing keeps the number of the layer's file it was made from
    const isNumbered = seen.ino === located.stat.ino || (located.writable && located.hides.length > 0);
    const isSame = isNumbered && isAlike(seen, located.stat) && devices.includes(seen.dev);
    return { state: isSame ? 'same' : 'other' };
  } catch (error) {
    return { state: 'unreadable', reason: unreadableReason(error) };
  } finally {
    await opened.close();
  }
}

function isAlike(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.mode === b.mode;
}

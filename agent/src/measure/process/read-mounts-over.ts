import { type Mount, parseMountInfo } from '@sealwatch/shared/proc/mount-info.js';
import { mountsOver } from '@sealwatch/shared/proc/mounts-over.js';
import { type Known, MAX_MOUNTS, type MountFacts } from '@sealwatch/shared/proc/process-facts.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import type { CycleMemory } from './cycle-memory.js';
import { readFact } from './read-fact.js';

const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The mounts on a path and its directories: pid 1's, and the process's own if its namespace is another.
 * @throws EndedMeanwhile
 */
export function readMountsOver(
  path: Buffer,
  procRoot: string,
  directory: string,
  place: { readonly root: 'host' | 'own'; readonly mountNamespace: Known<'host' | 'own'> },
  memory: CycleMemory,
): Known<MountFacts[]> {
  const facts: MountFacts[] = [];
  if (place.root === 'host') {
    const host = (memory.hostMounts ??= readMounts(`${procRoot}/1`));
    if (host.state === 'unreadable') return host;
    facts.push(...mountFacts(host.value, path, 'host'));
  }
  const { mountNamespace } = place;
  if (place.root === 'own' || mountNamespace.state === 'unreadable' || mountNamespace.value === 'own') {
    const own = readMounts(directory);
    if (own.state === 'unreadable') return own;
    const seen = new Set(facts.map((fact) => mountKey(fact)));
    facts.push(...mountFacts(own.value, path, 'process').filter((fact) => !seen.has(mountKey(fact))));
  }
  // those on the path itself first: none of them is cut off
  const ordered = [...facts.filter(({ on }) => on === 'path'), ...facts.filter(({ on }) => on === 'ancestor')];
  return { state: 'known', value: ordered.slice(0, MAX_MOUNTS) };
}

function mountFacts(mounts: readonly Mount[], path: Buffer, seenBy: MountFacts['seenBy']): MountFacts[] {
  return mountsOver(mounts, path).map(({ on, mount }) => ({
    on,
    seenBy,
    mountPoint: pathText(mount.mountPoint),
    fsType: mount.fsType,
    root: pathText(mount.root),
  }));
}

function mountKey({ mountPoint, fsType, root }: MountFacts): string {
  return [mountPoint, fsType, root].join('\0');
}

function readMounts(directory: string): Known<readonly Mount[]> {
  const file = readFact(`${directory}/mountinfo`, MAX_BYTES);
  if (file.state === 'unreadable') return file;
  const mounts = parseMountInfo(file.value);
  return mounts === undefined
    ? { state: 'unreadable', reason: 'no table of mounts' }
    : { state: 'known', value: mounts };
}

import { type BigIntStats, fstatSync, statSync } from 'node:fs';
import type { HashOptions } from '@sealwatch/shared/hashing/hash-file.js';
import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import type { OnDisk } from '@sealwatch/shared/proc/process-facts.js';
import type { CycleMemory } from './cycle-memory.js';
import { hashOnce } from './hash-once.js';

/** Where a running file is, or was: its path without the kernel's marks, and what is there now. */
export interface Located {
  readonly path: Buffer;
  readonly onDisk: OnDisk;
}

const DELETED = Buffer.from(' (deleted)');
/** What the kernel calls files that never had a path: mm/memfd.c, mm/shmem.c, ipc/shm.c, fs/hugetlbfs. */
const NO_PATH = /^\/(memfd:|SYSV[0-9a-f]{8} |dev\/zero |anon_hugepage )/;

/**
 * Compares a running file with what is at its path. A name may itself end in ` (deleted)`, so the name as it stands is
 * looked up first: it is the true one if it leads to the very file.
 * @param root from where the process's paths are seen
 * @param link what the kernel says of the file, of `exe` or `map_files`
 * @param stat of the file that runs
 */
export async function locateOnDisk(
  root: string,
  link: Buffer,
  stat: BigIntStats,
  memory: Pick<CycleMemory, 'digests'>,
  options: HashOptions,
): Promise<Located> {
  const asItStands = await compareAt(root, link, stat, memory, options);
  if (asItStands.state === 'same') return { path: link, onDisk: asItStands };
  if (!link.subarray(-DELETED.length).equals(DELETED)) {
    // the kernel would say so if it were deleted: something is in the way
    return { path: link, onDisk: asItStands.state === 'deleted' ? { state: 'hidden' } : asItStands };
  }
  const path = link.subarray(0, -DELETED.length);
  if (stat.nlink === 0n && NO_PATH.test(link.toString('latin1'))) return { path, onDisk: { state: 'memory' } };
  return { path, onDisk: await compareAt(root, path, stat, memory, options) };
}

async function compareAt(
  root: string,
  path: Buffer,
  running: BigIntStats,
  memory: Pick<CycleMemory, 'digests'>,
  options: HashOptions,
): Promise<OnDisk> {
  if (leadsTo(root, path, running)) return { state: 'same' };
  const opened = await openBelow(root, path);
  switch (opened.state) {
    case 'absent':
      return { state: 'deleted' };
    case 'not-regular':
      return { state: 'unreadable', reason: `no regular file (${opened.fileType})` };
    case 'unreadable':
      return opened;
    case 'opened':
  }
  try {
    const stat = fstatSync(opened.fd, { bigint: true });
    if (isSame(stat, running)) return { state: 'same' };
    const digest = await hashOnce(opened.fd, stat, memory, options);
    return digest.state === 'known' ? { state: 'replaced', digest: digest.value } : digest;
  } finally {
    await opened.close();
  }
}

/** A look that opens nothing and is enough when all is well: no other file has this number. */
function leadsTo(root: string, path: Buffer, running: BigIntStats): boolean {
  try {
    const stat = statSync(Buffer.concat([Buffer.from(`${root}/`), path]), { bigint: true });
    return isSame(stat, running);
  } catch {
    return false;
  }
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

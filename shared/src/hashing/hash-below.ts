import { fstatSync, type BigIntStats } from 'node:fs';
import type { Digest } from './digest.js';
import { hashOpenFile, type HashOptions } from './hash-file.js';
import { unreadableReason } from './unreadable-reason.js';
import { openBelow, type OpenedPath } from './walk-path.js';

/** A file's digest with the stat it was true for, or why there is none. */
export type HashedPath =
  | {
      readonly state: 'hashed';
      readonly digest: Digest;
      readonly realPath: Buffer;
      readonly stat: BigIntStats;
    }
  | Exclude<OpenedPath, { state: 'opened' }>;

const ATTEMPTS = 3;
/** A package manager that is writing the file is usually done by then. */
const SETTLE_MS = 50;

/**
 * Hashes what `path` leads to below `root`: opened once, hashed through that descriptor, and believed only if the
 * file was the same before and after. A file that changes meanwhile is opened again, a bounded number of times. Never throws.
 */
export async function hashBelow(root: string, path: Buffer, options: HashOptions = {}): Promise<HashedPath> {
  for (let attempt = 1; ; attempt++) {
    const hashed = await hashOnce(root, path, options);
    if (hashed !== 'changed') return hashed;
    if (attempt === ATTEMPTS) return { state: 'unreadable', reason: 'changed while being read' };
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}

async function hashOnce(root: string, path: Buffer, options: HashOptions): Promise<HashedPath | 'changed'> {
  const opened = await openBelow(root, path);
  if (opened.state !== 'opened') return opened;
  const { fd, realPath } = opened;
  try {
    const stat = fstatSync(fd, { bigint: true });
    // one byte more than there should be, so that growth shows and an endless file ends
    const { digest, bytes } = await hashOpenFile(fd, { ...options, limit: Number(stat.size) + 1 });
    const after = fstatSync(fd, { bigint: true });
    if (BigInt(bytes) !== stat.size || !sameFile(stat, after)) return 'changed';
    return { state: 'hashed', digest, realPath, stat };
  } catch (error) {
    return { state: 'unreadable', reason: unreadableReason(error) };
  } finally {
    await opened.close();
  }
}

function sameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}

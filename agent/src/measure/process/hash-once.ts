import { type BigIntStats, fstatSync } from 'node:fs';
import { hashOpenFile, type HashOptions } from '@sealwatch/shared/hashing/hash-file.js';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Known } from '@sealwatch/shared/proc/process-facts.js';
import { fileKey } from '@sealwatch/shared/hashing/file-key.js';
import type { CycleMemory } from './cycle-memory.js';

/** The digest of an open file, from this cycle's memory if the same file was hashed in the same state. Never throws. */
export async function hashOnce(
  fd: number,
  stat: BigIntStats,
  memory: Pick<CycleMemory, 'digests'>,
  options: HashOptions,
): Promise<Known<Digest>> {
  const key = fileKey(stat);
  const known = memory.digests.get(key);
  if (known !== undefined) return { state: 'known', value: known };
  try {
    // one byte more than there should be, so that growth shows
    const { digest, bytes } = await hashOpenFile(fd, { ...options, limit: Number(stat.size) + 1 });
    const after = fstatSync(fd, { bigint: true });
    if (BigInt(bytes) !== stat.size || fileKey(after) !== key) {
      return { state: 'unreadable', reason: 'changed while being read' };
    }
    memory.digests.set(key, digest);
    return { state: 'known', value: digest };
  } catch (error) {
    return { state: 'unreadable', reason: unreadableReason(error) };
  }
}

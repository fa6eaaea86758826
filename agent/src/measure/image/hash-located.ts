import { type BigIntStats, fstatSync } from 'node:fs';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { fileKey } from '@sealwatch/shared/hashing/file-key.js';
import { hashOpenFile } from '@sealwatch/shared/hashing/hash-file.js';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { HashOnce } from '../service/hash-memory.js';
import { throwIfStopped } from '../throw-if-stopped.js';

export interface Hashing {
  readonly hashOnce: HashOnce;
  /** Waits between two slices of hashing. */
  readonly pause: () => Promise<void>;
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Several times the largest honest program; a hostile one may be all holes, which cost nothing but our time. */
const MAX_FILE_BYTES = 2n ** 30n;

/** The digest of an open file. One that is written meanwhile has none. @throws CodedError('request.cancelled') */
export async function hashLocated(
  { fd, stat }: { readonly fd: number; readonly stat: BigIntStats },
  { hashOnce, pause, onBytes, signal }: Hashing,
): Promise<Digest | Unreadable> {
  if (stat.size > MAX_FILE_BYTES) return unreadable(`larger than ${String(MAX_FILE_BYTES)} bytes`);
  const key = fileKey(stat);
  const slice = async (): Promise<void> => {
    await pause();
    throwIfStopped(signal);
  };
  try {
    return await hashOnce(key, async () => {
      const { digest, bytes } = await hashOpenFile(fd, { pause: slice, onBytes, limit: Number(stat.size) + 1 });
      if (BigInt(bytes) !== stat.size || fileKey(fstatSync(fd, { bigint: true })) !== key) throw new FileChanged();
      return digest;
    });
  } catch (error) {
    if (isCoded(error)) throw error;
    return unreadable(error instanceof FileChanged ? 'changed while being read' : unreadableReason(error));
  }
}

class FileChanged extends Error {}

function unreadable(reason: string): Unreadable {
  return { state: 'unreadable', reason };
}

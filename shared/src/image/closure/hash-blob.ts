import { createHash } from 'node:crypto';
import type { Digest } from '../../hashing/digest.js';
import { isCoded } from '../../runtime/coded-error.js';
import type { BlobSource } from '../source/blob-source.js';
import { type BlobFault, toUnreadable } from './blob-state.js';
import { type ReadOptions, WorkSlices } from './read-options.js';

/** What is expected of a blob: its descriptor. */
export interface ExpectedBlob {
  readonly digest: Digest;
  readonly size: number;
}

/**
 * Reads a blob and holds it against its descriptor; stops with the first byte too many.
 * @param take gets every chunk, before anything is known about the whole
 * @returns undefined when size and digest are right
 * @throws CodedError('request.cancelled')
 */
export async function hashBlob(
  source: BlobSource,
  { digest, size }: ExpectedBlob,
  options: ReadOptions,
  take: (chunk: Uint8Array) => void = () => undefined,
): Promise<BlobFault | undefined> {
  const slices = new WorkSlices(options);
  try {
    const there = await source.size(digest);
    if (there === undefined) return { state: 'missing' };
    if (there !== size) return { state: 'size-mismatch', observed: there };
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of source.read(digest, size + 1)) {
      bytes += chunk.length;
      if (bytes > size) break;
      hash.update(chunk);
      take(chunk);
      options.onBytes?.(chunk.length);
      await slices.spend(chunk.length);
    }
    if (bytes !== size) return { state: 'size-mismatch', observed: bytes };
    const observed: Digest = `sha256:${hash.digest('hex')}`;
    return observed === digest ? undefined : { state: 'digest-mismatch', observed };
  } catch (error) {
    if (isCoded(error, 'request.cancelled')) throw error;
    return toUnreadable(error);
  }
}

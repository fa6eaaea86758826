import type { BlobSource } from '../image/source/blob-source.js';
import { CodedError } from '../runtime/coded-error.js';
import type { Containerd } from './containerd.js';

/** containerd's content store through its socket: no right to its directory is needed. */
export function servedBlobs(
  containerd: Pick<Containerd, 'blobSize' | 'readBlob'>,
  options: { readonly signal?: AbortSignal } = {},
): BlobSource {
  return {
    async size(digest) {
      const size = await containerd.blobSize(digest);
      if (size.state === 'unavailable') throw new CodedError('file.unreadable', size.reason);
      return size.value;
    },
    async *read(digest, limit) {
      let left = limit;
      for await (const chunk of containerd.readBlob(digest, options)) {
        yield chunk.length <= left ? chunk : chunk.subarray(0, left);
        left -= chunk.length;
        if (left <= 0) return;
      }
    },
  };
}

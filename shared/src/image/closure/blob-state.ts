import type { Digest } from '../../hashing/digest.js';
import { unreadableReason } from '../../hashing/unreadable-reason.js';
import { errnoOf, isCoded } from '../../runtime/coded-error.js';
import { CorruptZstd } from '../compression/zstd/corrupt-zstd.js';

/** What one blob turned out to be. Everything but `ok` means that the image is not the one its digests name. */
export type BlobState = { readonly state: 'ok' } | BlobFault;

export type BlobFault =
  | { readonly state: 'missing' }
  /** `observed`: bytes there are; when the source lied about that, one more than it should have given. */
  | { readonly state: 'size-mismatch'; readonly observed: number }
  | { readonly state: 'digest-mismatch'; readonly observed: Digest }
  /** The stored bytes are right, the uncompressed ones are not what the config pins. */
  | { readonly state: 'diff-id-mismatch'; readonly observed: Digest }
  /** More than `limit` bytes come out. */
  | { readonly state: 'inflates-too-far'; readonly limit: number }
  | { readonly state: 'unreadable'; readonly reason: string };

/** A fault in words, for people. */
export function faultText(fault: BlobFault): string {
  switch (fault.state) {
    case 'missing':
      return 'is not there';
    case 'size-mismatch':
      return `has another size (${String(fault.observed)} bytes)`;
    case 'digest-mismatch':
      return `has the digest ${fault.observed}`;
    case 'diff-id-mismatch':
      return `has the diff id ${fault.observed}, not the one its config names`;
    case 'inflates-too-far':
      return `inflates to more than ${String(fault.limit)} bytes`;
    case 'unreadable':
      return `can't be read: ${fault.reason}`;
  }
}

/** What reading or inflating threw, in words that stay the same. */
export function toUnreadable(error: unknown): BlobFault {
  return { state: 'unreadable', reason: reasonOf(error) };
}

function reasonOf(error: unknown): string {
  if (error instanceof CorruptZstd || isCoded(error)) return error.message.slice(0, 500);
  const errno = errnoOf(error);
  return errno?.startsWith('Z_') === true ? `gzip data is corrupt (${errno})` : unreadableReason(error);
}

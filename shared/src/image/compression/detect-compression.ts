import type { Compression } from '../document/media-type.js';

/** By the first bytes, where no media type says (RFC 1952 §2.3.1, RFC 8878 §3.1.1). A tar begins with neither. */
export function detectCompression(head: Uint8Array): Compression {
  const [a, b, c, d] = head;
  if (a === 0x1f && b === 0x8b) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  return 'none';
}

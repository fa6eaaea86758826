import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { PACKING_DICTIONARY_1 } from './packing-dictionary.js';

/** First byte of everything packed. Once written a number keeps its meaning for ever. */
const PLAIN = 0;
const DEFLATE_DICTIONARY_1 = 1;

/** More than any message that can arrive; a damaged row must not eat the memory. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** Small: most rows have a kilobyte or two, and setting zlib up costs more than packing them. Any inflater reads it. */
const DEFLATE = { level: 6, windowBits: 12, memLevel: 5, dictionary: PACKING_DICTIONARY_1 };
const MAX_CHUNK_BYTES = 16 * 1024;

export function packBytes(bytes: Uint8Array): Buffer {
  const deflated = deflateRawSync(bytes, { ...DEFLATE, chunkSize: chunkSizeFor(bytes.length) });
  return deflated.length < bytes.length
    ? Buffer.concat([Buffer.of(DEFLATE_DICTIONARY_1), deflated])
    : Buffer.concat([Buffer.of(PLAIN), bytes]);
}

/** Exactly the bytes that were packed. @throws CodedError('store.corrupt') */
export function unpackBytes(packed: Buffer): Buffer {
  const content = packed.subarray(1);
  switch (packed[0]) {
    case PLAIN:
      return content;
    case DEFLATE_DICTIONARY_1:
      try {
        return inflateRawSync(content, {
          dictionary: PACKING_DICTIONARY_1,
          maxOutputLength: MAX_UNPACKED_BYTES,
          chunkSize: chunkSizeFor(4 * content.length),
        });
      } catch (error) {
        throw new CodedError('store.corrupt', 'a stored value is damaged; restore the store from its last backup', {
          cause: error,
        });
      }
    default:
      throw new CodedError('store.corrupt', 'a stored value has an unknown packing; restore the store from its backup');
  }
}

/** zlib gets its output memory in pieces of this size; one that fits saves an allocation of 16 KiB per row. */
function chunkSizeFor(bytes: number): number {
  return Math.min(Math.max(bytes, 1024), MAX_CHUNK_BYTES);
}

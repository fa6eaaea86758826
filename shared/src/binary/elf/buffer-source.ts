import type { ByteSource } from './byte-source.js';

export function bufferSource(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: buffer.length,
    readInto: (target, position) => Promise.resolve(position >= buffer.length ? 0 : buffer.copy(target, 0, position)),
  };
}

import { MalformedBinary } from './malformed-binary.js';

/** Bytes that can be read anywhere, and are never all in memory: a file, a buffer, a process, a program as it is mapped. */
export interface ByteSource {
  /** Where it ends; reads beyond give nothing. */
  readonly size: number;
  /**
   * Fills `target` from `position` on and says with how many bytes: fewer only where the source has no more.
   * @throws what the system throws (EIO, EACCES …)
   */
  readInto(target: Buffer, position: number): Promise<number>;
}

/** What one structure may be at most, when it is read at once. */
const MAX_STRUCTURE_BYTES = 1024 * 1024;

/** @throws MalformedBinary if there are not so many bytes */
export async function readExactly(source: ByteSource, position: number, length: number): Promise<Buffer> {
  if (length > MAX_STRUCTURE_BYTES) throw new MalformedBinary('a structure is too large');
  const bytes = Buffer.alloc(length);
  if (await source.readInto(bytes, position).then((read) => read < length)) {
    throw new MalformedBinary('a structure lies outside of the file');
  }
  return bytes;
}

/** Up to `length` bytes: those that are there. */
export async function readUpTo(source: ByteSource, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.min(length, MAX_STRUCTURE_BYTES));
  return bytes.subarray(0, await source.readInto(bytes, position));
}

import type { ByteSource } from './byte-source.js';
import { PT_LOAD, type Segment } from './program-headers.js';

/** A program's file by the addresses it asks to be mapped at. A read ends where the file's part of a segment ends. */
export function mappedFile(source: ByteSource, segments: readonly Segment[]): ByteSource {
  const loaded = segments.filter(({ type }) => type === PT_LOAD);
  return {
    size: Math.max(0, ...loaded.map(({ address, fileBytes }) => address + fileBytes)),
    readInto(target, position) {
      const segment = loaded.find(({ address, fileBytes }) => position >= address && position < address + fileBytes);
      if (segment === undefined) return Promise.resolve(0);
      const left = segment.address + segment.fileBytes - position;
      return source.readInto(target.subarray(0, left), segment.offset + (position - segment.address));
    },
  };
}

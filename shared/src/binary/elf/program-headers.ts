import { type ByteSource, readExactly } from './byte-source.js';
import { Fields } from './encoding.js';
import type { ElfHeader } from './elf-header.js';
import { MalformedBinary } from './malformed-binary.js';

/** A program header (gABI 5.2): what the kernel maps, and where. */
export interface Segment {
  readonly type: number;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
}

export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_NOTE = 4;

/** Real programs have about a dozen. */
const MAX_SEGMENTS = 256;
/** Ten times a large Kubernetes component; a sparse file can be of any size. */
const MAX_MAPPED_BYTES = 1024 * 1024 * 1024;

/** @throws MalformedBinary if the table, or what the kernel would map, lies outside of the file */
export async function readProgramHeaders(source: ByteSource, header: ElfHeader): Promise<Segment[]> {
  const { offset, entryBytes, count } = header.programHeaders;
  if (count === 0) return [];
  if (count > MAX_SEGMENTS) throw new MalformedBinary(`it has ${String(count)} program headers`);
  const size = header.encoding.bits === 64 ? 56 : 32;
  if (entryBytes !== size) throw new MalformedBinary('its program headers are of another size');
  const table = await readExactly(source, offset, size * count);
  const segments = Array.from({ length: count }, (_, i) => segmentAt(table.subarray(i * size, (i + 1) * size), header));
  requireLoadable(segments, source.size);
  return segments;
}

function segmentAt(entry: Buffer, { encoding }: ElfHeader): Segment {
  const fields = new Fields(entry, encoding);
  const wide = encoding.bits === 64;
  const flags = fields.u32(wide ? 4 : 24);
  return {
    type: fields.u32(0),
    readable: (flags & 4) !== 0,
    writable: (flags & 2) !== 0,
    executable: (flags & 1) !== 0,
    offset: fields.word(wide ? 8 : 4),
    address: fields.word(wide ? 16 : 8),
    fileBytes: fields.word(wide ? 32 : 16),
    memoryBytes: fields.word(wide ? 40 : 20),
  };
}

/**
 * What is mapped lies inside of the file and no address twice. The kernel would take more than this; no linker makes it,
 * and it would let one byte stand for two, or a small file be read for hours.
 */
function requireLoadable(segments: readonly Segment[], size: number): void {
  let previousEnd = 0;
  let mapped = 0;
  for (const { type, offset, address, fileBytes, memoryBytes } of segments) {
    if (type !== PT_LOAD) continue;
    if (offset + fileBytes > size) throw new MalformedBinary('a segment reaches beyond the end of the file');
    if (fileBytes > memoryBytes) throw new MalformedBinary('a segment has more bytes than memory');
    if (address < previousEnd) throw new MalformedBinary('its segments overlap or are out of order');
    if (!Number.isSafeInteger(address + memoryBytes)) throw new MalformedBinary('a number is out of range');
    previousEnd = address + memoryBytes;
    mapped += fileBytes;
  }
  if (mapped > MAX_MAPPED_BYTES) throw new MalformedBinary('it maps more than a program has');
  // segments may share a page of the file where one ends and the next begins, but not more
  if (mapped > size + segments.length * 65_536) throw new MalformedBinary('its segments map the same bytes again');
}

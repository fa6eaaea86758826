import { type ByteSource, readExactly } from './byte-source.js';
import type { ElfFile } from './elf-file.js';
import { type Encoding, Fields, wordBytes } from './encoding.js';
import { mappedFile } from './mapped-file.js';
import { PT_LOAD, type Segment } from './program-headers.js';
import { relativeAddends } from './relative-relocations.js';

/**
 * A program laid out by its addresses: on disk as it would be mapped, or in a running process. Addresses are always the
 * file's own, wherever the kernel put the program.
 */
export interface ProgramImage {
  readonly elf: ElfFile;
  readonly memory: ByteSource;
  /** `count` pointers that stand from `address` on, as addresses of the file. @throws MalformedBinary */
  pointers(address: number, count: number): Promise<number[]>;
}

/** The program as its file says. In a position-independent one, pointers are what its relocations will make of them. */
export function imageOfFile(source: ByteSource, elf: ElfFile): ProgramImage {
  const memory = mappedFile(source, elf.segments);
  const { encoding } = elf.header;
  return {
    elf,
    memory,
    async pointers(address, count) {
      const length = count * wordBytes(encoding);
      const written = pointersIn(await readExactly(memory, address, length), count, encoding);
      const addends = await relativeAddends(memory, elf, { start: address, end: address + length });
      return written.map((pointer, i) => addends.get(address + i * wordBytes(encoding)) ?? pointer);
    },
  };
}

/** The program as it lies in a process, `bias` bytes above the file's addresses. */
export function imageOfProcess(processMemory: ByteSource, elf: ElfFile, bias: number): ProgramImage {
  const { encoding } = elf.header;
  const placed = elf.segments.map((segment) => ({
    ...segment,
    offset: segment.address + bias,
    fileBytes: segment.memoryBytes,
  }));
  const memory = mappedFile(processMemory, placed);
  return {
    elf,
    memory,
    async pointers(address, count) {
      const bytes = await readExactly(memory, address, count * wordBytes(encoding));
      return pointersIn(bytes, count, encoding).map((pointer) => (pointer === 0 ? 0 : pointer - bias));
    },
  };
}

function pointersIn(bytes: Buffer, count: number, encoding: Encoding): number[] {
  const fields = new Fields(bytes, encoding);
  return Array.from({ length: count }, (_, i) => fields.word(i * wordBytes(encoding)));
}

/** What the kernel maps with these rights, in the order of addresses. */
export function loadedSegments(
  { elf }: Pick<ProgramImage, 'elf'>,
  rights: { readonly executable?: boolean; readonly writable?: boolean },
): Segment[] {
  return elf.segments.filter(
    (segment) =>
      segment.type === PT_LOAD &&
      (rights.executable === undefined || segment.executable === rights.executable) &&
      (rights.writable === undefined || segment.writable === rights.writable),
  );
}

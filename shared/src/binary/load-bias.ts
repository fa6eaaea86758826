import type { ElfFile } from './elf/elf-file.js';
import { Fields, wordBytes } from './elf/encoding.js';
import { MalformedBinary } from './elf/malformed-binary.js';
import { PT_LOAD } from './elf/program-headers.js';

const AT_NULL = 0;
/** Where the kernel put the program headers. */
const AT_PHDR = 3;
const PAGE_BYTES = 4096;

/**
 * How far above its own addresses the kernel put a program: from the auxiliary vector that it handed to it (getauxval(3),
 * /proc/PID/auxv). @throws MalformedBinary
 */
export function loadBias(auxv: Buffer, elf: ElfFile): number {
  const { encoding, programHeaders } = elf.header;
  const word = wordBytes(encoding);
  const segment = elf.segments.find(
    ({ type, offset, fileBytes }) =>
      type === PT_LOAD && programHeaders.offset >= offset && programHeaders.offset < offset + fileBytes,
  );
  const placed = auxiliaryValue(new Fields(auxv, encoding), Math.floor(auxv.length / (2 * word)), word);
  if (segment === undefined || placed === undefined) throw new MalformedBinary('its place in memory is not known');
  const bias = placed - (segment.address + programHeaders.offset - segment.offset);
  if (bias < 0 || bias % PAGE_BYTES !== 0) throw new MalformedBinary('its place in memory is not one a kernel gives');
  return bias;
}

function auxiliaryValue(fields: Fields, count: number, word: 4 | 8): number | undefined {
  for (let i = 0; i < count; i++) {
    const type = fields.u32(2 * i * word);
    if (type === AT_NULL) return undefined;
    if (type === AT_PHDR) return fields.word((2 * i + 1) * word);
  }
  return undefined;
}

import { type ByteSource, readUpTo } from './byte-source.js';
import type { ElfFile } from './elf-file.js';
import { Fields, wordBytes } from './encoding.js';
import { PT_DYNAMIC, PT_INTERP } from './program-headers.js';

/** What the dynamic linker is told (gABI 5.7), by tag; every value of a tag that repeats. */
export type DynamicEntries = ReadonlyMap<number, readonly number[]>;

const DT_NEEDED = 1;
const DT_STRTAB = 5;
export const DT_RELA = 7;
export const DT_RELASZ = 8;

const MAX_ENTRIES = 1024;
const MAX_NAME_BYTES = 255;

export async function readDynamicEntries(memory: ByteSource, elf: ElfFile): Promise<DynamicEntries> {
  const segment = elf.segments.find(({ type }) => type === PT_DYNAMIC);
  const entries = new Map<number, number[]>();
  if (segment === undefined) return entries;
  const { encoding } = elf.header;
  const size = 2 * wordBytes(encoding);
  const bytes = await readUpTo(memory, segment.address, Math.min(segment.fileBytes, MAX_ENTRIES * size));
  const fields = new Fields(bytes, encoding);
  for (let at = 0; at + size <= bytes.length; at += size) {
    // some tags' values fill all 64 bits; those wanted here are small
    const tag = fields.u32(encoding.bigEndian && encoding.bits === 64 ? at + 4 : at);
    if (tag === 0) break;
    if (![DT_NEEDED, DT_STRTAB, DT_RELA, DT_RELASZ].includes(tag)) continue;
    entries.set(tag, [...(entries.get(tag) ?? []), fields.word(at + size / 2)]);
  }
  return entries;
}

/** The libraries it asks for, as it names them. */
export async function readNeeded(memory: ByteSource, elf: ElfFile): Promise<string[]> {
  const entries = await readDynamicEntries(memory, elf);
  const [names] = entries.get(DT_STRTAB) ?? [];
  if (names === undefined) return [];
  return Promise.all((entries.get(DT_NEEDED) ?? []).map((offset) => readText(memory, names + offset)));
}

/** The program interpreter; null if it is static. */
export async function readInterpreter(memory: ByteSource, elf: ElfFile): Promise<string | null> {
  const segment = elf.segments.find(({ type }) => type === PT_INTERP);
  return segment === undefined ? null : readText(memory, segment.address);
}

async function readText(memory: ByteSource, address: number): Promise<string> {
  const bytes = await readUpTo(memory, address, MAX_NAME_BYTES + 1);
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end === -1 ? MAX_NAME_BYTES : end);
}

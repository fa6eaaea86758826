import { type ByteSource, readExactly } from './byte-source.js';
import { Fields } from './encoding.js';
import type { ElfHeader } from './elf-header.js';
import { MalformedBinary } from './malformed-binary.js';

/** A section header (gABI 4.7): a linker's note of what lies where. The kernel never looks at it; a program needs none. */
export interface Section {
  readonly name: string;
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly bytes: number;
  readonly link: number;
}

export const SHT_SYMTAB = 2;
const SHT_NOBITS = 8;
export const SHT_DYNSYM = 11;

const MAX_SECTIONS = 4096;
const MAX_NAMES_BYTES = 256 * 1024;
const MAX_SYMBOLS_BYTES = 512 * 1024 * 1024;
const SHN_XINDEX = 0xffff;

/** @throws MalformedBinary */
export async function readSectionHeaders(source: ByteSource, header: ElfHeader): Promise<Section[]> {
  const { offset, entryBytes } = header.sectionHeaders;
  if (offset === 0) return [];
  const size = header.encoding.bits === 64 ? 64 : 40;
  if (entryBytes !== size) throw new MalformedBinary('its section headers are of another size');
  const first = rawSection(await readExactly(source, offset, size), header);
  // gABI 4.1: numbers too large for the header stand in section 0
  const count = header.sectionHeaders.count === 0 ? first.bytes : header.sectionHeaders.count;
  const namesIndex = header.sectionHeaders.namesIndex === SHN_XINDEX ? first.link : header.sectionHeaders.namesIndex;
  if (count > MAX_SECTIONS) throw new MalformedBinary(`it has ${String(count)} sections`);
  const table = await readExactly(source, offset, size * count);
  const raw = Array.from({ length: count }, (_, i) => rawSection(table.subarray(i * size, (i + 1) * size), header));
  for (const section of raw) requireInside(section, source.size);
  for (const table of raw.filter(({ type }) => type === SHT_SYMTAB || type === SHT_DYNSYM)) {
    if (table.bytes > MAX_SYMBOLS_BYTES || (raw[table.link]?.bytes ?? 0) > MAX_SYMBOLS_BYTES) {
      throw new MalformedBinary('a table of symbols is too large');
    }
  }
  const names = await readNames(source, raw[namesIndex]);
  return raw.map(({ nameOffset, ...section }) => ({ ...section, name: textAt(names, nameOffset) }));
}

type RawSection = Omit<Section, 'name'> & { readonly nameOffset: number };

function rawSection(entry: Buffer, { encoding }: ElfHeader): RawSection {
  const fields = new Fields(entry, encoding);
  const wide = encoding.bits === 64;
  return {
    nameOffset: fields.u32(0),
    type: fields.u32(4),
    address: fields.word(wide ? 16 : 12),
    offset: fields.word(wide ? 24 : 16),
    bytes: fields.word(wide ? 32 : 20),
    link: fields.u32(wide ? 40 : 24),
  };
}

function requireInside({ type, offset, bytes }: RawSection, size: number): void {
  if (type === 0 || type === SHT_NOBITS) return;
  if (offset + bytes > size) throw new MalformedBinary('a section reaches beyond the end of the file');
}

async function readNames(source: ByteSource, section: RawSection | undefined): Promise<Buffer> {
  if (section === undefined || section.type === SHT_NOBITS || section.bytes > MAX_NAMES_BYTES) return Buffer.alloc(0);
  return readExactly(source, section.offset, section.bytes);
}

/** The text up to the next NUL; empty if there is none. */
function textAt(table: Buffer, offset: number): string {
  if (offset >= table.length) return '';
  const end = table.indexOf(0, offset);
  return end === -1 ? '' : table.toString('latin1', offset, Math.min(end, offset + 4096));
}

import type { ByteSource } from './byte-source.js';
import { type ElfFile } from './elf-file.js';
import { Fields } from './encoding.js';
import { scanWindows } from './scan-windows.js';
import { SHT_DYNSYM, SHT_SYMTAB, type Section } from './section-headers.js';

/** A hostile table may hold the same name a million times. */
const MAX_OCCURRENCES = 64;

/**
 * The addresses of the symbols with these names, each address once, in the order of the table. Both tables are read once, in
 * windows: names first, then the symbols that point at one of them.
 */
export async function symbolValues(
  source: ByteSource,
  { header, sections }: ElfFile,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const values = new Map<string, number[]>();
  for (const type of [SHT_SYMTAB, SHT_DYNSYM]) {
    const table = sections.find((section) => section.type === type);
    const texts = table === undefined ? undefined : sections[table.link];
    if (table === undefined || texts === undefined) continue;
    const offsets = await nameOffsets(source, texts, names);
    if (offsets.size === 0) continue;
    const size = header.encoding.bits === 64 ? 24 : 16;
    const valueAt = header.encoding.bits === 64 ? 8 : 4;
    let next = table.offset;
    const range = { start: table.offset, end: table.offset + table.bytes, overlap: size };
    await scanWindows(source, range, (window, position, own) => {
      const fields = new Fields(window, header.encoding);
      for (; next - position < own && next - position + size <= window.length; next += size) {
        const name = offsets.get(fields.u32(next - position));
        if (name === undefined) continue;
        const value = fields.word(next - position + valueAt);
        const known = values.get(name) ?? [];
        if (!known.includes(value) && known.length < MAX_OCCURRENCES) values.set(name, [...known, value]);
      }
    });
  }
  return values;
}

/** Where each name stands in a string table, NUL and all. A symbol may point into the middle of a longer text. */
async function nameOffsets(
  source: ByteSource,
  texts: Section,
  names: readonly string[],
): Promise<ReadonlyMap<number, string>> {
  const offsets = new Map<number, string>();
  const wanted = names.map((name) => ({ name, bytes: Buffer.from(`${name}\0`, 'latin1') }));
  const overlap = Math.max(...wanted.map(({ bytes }) => bytes.length)) - 1;
  const range = { start: texts.offset, end: texts.offset + texts.bytes, overlap };
  await scanWindows(source, range, (window, position) => {
    for (const { name, bytes } of wanted) {
      let found = 0;
      for (let at = window.indexOf(bytes); at !== -1; at = window.indexOf(bytes, at + 1)) {
        if (++found > MAX_OCCURRENCES) break;
        offsets.set(position + at - texts.offset, name);
      }
    }
    return offsets.size < MAX_OCCURRENCES * names.length;
  });
  return offsets;
}

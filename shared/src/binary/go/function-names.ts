import { readUpTo } from '../elf/byte-source.js';
import { sectionNamed } from '../elf/elf-file.js';
import { Fields, wordBytes } from '../elf/encoding.js';
import { loadedSegments, type ProgramImage } from '../elf/program-image.js';

/** `runtime.pclntab`'s first word since Go 1.16, 1.18 and 1.20 (golang/go src/internal/abi/symtab.go). */
const MAGICS: ReadonlyMap<number, { readonly namesWord: number }> = new Map([
  [0xfffffffa, { namesWord: 2 }],
  [0xfffffff0, { namesWord: 3 }],
  [0xfffffff1, { namesWord: 3 }],
]);

/**
 * Where Go keeps the names of its functions for stack traces; stripping leaves them. The whole table before Go 1.16, when
 * names stood between other things. Undefined if there is no such section.
 */
export async function functionNames(image: ProgramImage): Promise<{ start: number; end: number } | undefined> {
  const section = sectionNamed(image.elf, '.gopclntab') ?? sectionNamed(image.elf, '.data.rel.ro.gopclntab');
  if (section === undefined || !isMapped(image, section.address)) return undefined;
  const whole = { start: section.address, end: section.address + section.bytes };
  const { encoding } = image.elf.header;
  const word = wordBytes(encoding);
  const head = await readUpTo(image.memory, section.address, 8 + 5 * word);
  if (head.length < 8 + 5 * word) return undefined;
  const fields = new Fields(head, encoding);
  const layout = MAGICS.get(fields.u32(0));
  if (layout === undefined) return whole;
  const names = fields.word(8 + layout.namesWord * word);
  const next = fields.word(8 + (layout.namesWord + 1) * word);
  return next > names && next <= section.bytes ? { start: whole.start + names, end: whole.start + next } : whole;
}

function isMapped(image: ProgramImage, address: number): boolean {
  return loadedSegments(image, {}).some(
    (segment) => address >= segment.address && address < segment.address + segment.fileBytes,
  );
}

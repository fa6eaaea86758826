import type { ByteSource } from './byte-source.js';
import { type ElfHeader, readElfHeader } from './elf-header.js';
import { MalformedBinary } from './malformed-binary.js';
import { readProgramHeaders, type Segment } from './program-headers.js';
import { readSectionHeaders, type Section } from './section-headers.js';

export interface ElfFile {
  readonly header: ElfHeader;
  readonly segments: readonly Segment[];
  /** Empty if there are none, or none that hold. */
  readonly sections: readonly Section[];
  /** What is wrong with it though it can run. */
  readonly problems: readonly string[];
}

/** Undefined if this is no ELF file. @throws MalformedBinary if it could not run */
export async function readElf(source: ByteSource): Promise<ElfFile | undefined> {
  const header = await readElfHeader(source);
  if (header === undefined) return undefined;
  const segments = await readProgramHeaders(source, header);
  try {
    return { header, segments, sections: await readSectionHeaders(source, header), problems: [] };
  } catch (error) {
    if (!(error instanceof MalformedBinary)) throw error;
    return { header, segments, sections: [], problems: [`section headers: ${error.message}`] };
  }
}

export function sectionNamed({ sections }: Pick<ElfFile, 'sections'>, name: string): Section | undefined {
  return sections.find((section) => section.name === name);
}

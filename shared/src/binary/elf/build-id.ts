import { type ByteSource, readUpTo } from './byte-source.js';
import type { ElfFile } from './elf-file.js';
import { Fields } from './encoding.js';
import { PT_NOTE } from './program-headers.js';

/** What the linkers wrote to tell builds apart; anyone can write anything there. */
export interface BuildIds {
  /** NT_GNU_BUILD_ID as hex. */
  readonly gnu: string | null;
  /** Go's own (`-buildid`). */
  readonly go: string | null;
}

const MAX_NOTE_BYTES = 4096;
const NT_GNU_BUILD_ID = 3;
const NT_GO_BUILD_ID = 4;

export async function readBuildIds(memory: ByteSource, elf: ElfFile): Promise<BuildIds> {
  let gnu: string | null = null;
  let go: string | null = null;
  for (const segment of elf.segments.filter(({ type }) => type === PT_NOTE)) {
    const bytes = await readUpTo(memory, segment.address, Math.min(segment.fileBytes, MAX_NOTE_BYTES));
    for (const { owner, type, content } of notesIn(bytes, new Fields(bytes, elf.header.encoding))) {
      if (owner === 'GNU' && type === NT_GNU_BUILD_ID) gnu ??= content.toString('hex');
      if (owner === 'Go' && type === NT_GO_BUILD_ID) go ??= content.toString('latin1');
    }
  }
  return { gnu, go };
}

/** gABI 5.6: three words, the owner's name, the content; each padded to four bytes. */
function* notesIn(bytes: Buffer, fields: Fields): Iterable<{ owner: string; type: number; content: Buffer }> {
  for (let at = 0; at + 12 <= bytes.length;) {
    const [nameBytes, contentBytes, type] = [fields.u32(at), fields.u32(at + 4), fields.u32(at + 8)];
    const name = at + 12;
    const content = name + padded(nameBytes);
    if (content + contentBytes > bytes.length) return;
    const owner = bytes.toString('latin1', name, name + nameBytes).replace(/\0+$/, '');
    yield { owner, type, content: bytes.subarray(content, content + contentBytes) };
    at = content + padded(contentBytes);
  }
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

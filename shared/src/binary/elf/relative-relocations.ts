import type { ByteSource } from './byte-source.js';
import { DT_RELA, DT_RELASZ, readDynamicEntries } from './dynamic-section.js';
import type { ElfFile } from './elf-file.js';
import { Fields } from './encoding.js';
import type { Machine } from './elf-header.js';
import { scanWindows } from './scan-windows.js';

/** R_X86_64_RELATIVE (psABI table 4.9), R_AARCH64_RELATIVE (AAELF64): "the program's place plus the addend". */
const RELATIVE: Partial<Readonly<Record<Machine, number>>> = { amd64: 8, arm64: 1027 };

const ENTRY_BYTES = 24;

/**
 * The addends of the RELATIVE relocations of `range`, by address: what the loader writes there, for a program at its
 * file's addresses. Other forms (REL, RELR) keep the addend in place and need none of this.
 */
export async function relativeAddends(
  memory: ByteSource,
  elf: ElfFile,
  range: { readonly start: number; readonly end: number },
): Promise<Map<number, number>> {
  const addends = new Map<number, number>();
  const { encoding, machine } = elf.header;
  const relative = RELATIVE[machine];
  if (relative === undefined || encoding.bits !== 64) return addends;
  const entries = await readDynamicEntries(memory, elf);
  const [start] = entries.get(DT_RELA) ?? [];
  const [bytes] = entries.get(DT_RELASZ) ?? [];
  if (start === undefined || bytes === undefined) return addends;
  const lowest = BigInt(range.start);
  const end = BigInt(range.end);
  const table = { start, end: Math.min(start + bytes, memory.size), overlap: ENTRY_BYTES };
  let next = start;
  await scanWindows(memory, table, (window, position, own) => {
    const fields = new Fields(window, encoding);
    for (; next - position < own && next - position + ENTRY_BYTES <= window.length; next += ENTRY_BYTES) {
      const at = next - position;
      const offset = encoding.bigEndian ? window.readBigUInt64BE(at) : window.readBigUInt64LE(at);
      if (offset < lowest || offset >= end) continue;
      if (fields.u32(at + 8) !== relative) continue;
      addends.set(Number(offset), fields.u64(at + 16));
    }
  });
  return addends;
}

import { bufferSource } from '@sealwatch/shared/binary/elf/buffer-source.js';
import { type ElfFile, readElf } from '@sealwatch/shared/binary/elf/elf-file.js';
import { loadBias } from '@sealwatch/shared/binary/load-bias.js';
import { describe, expect, it } from 'vitest';
import { buildElf, ElfWriter } from '../../fakes/elf-builder.js';

const auxv = (...entries: [number, number | bigint][]): Buffer => {
  const writer = new ElfWriter();
  for (const [type, value] of [...entries, [0, 0] as const]) writer.u64(type).u64(value);
  return writer.bytes();
};

/** Its first segment holds the headers, as a linker's does. */
async function program(address: number): Promise<ElfFile> {
  const bytes = buildElf({ type: 3, segments: [{ flags: 'rx', address: address + 4096, bytes: Buffer.alloc(64) }] });
  bytes.writeBigUInt64LE(0n, 64 + 8);
  bytes.writeBigUInt64LE(BigInt(address), 64 + 16);
  bytes.writeBigUInt64LE(4096n, 64 + 32);
  bytes.writeBigUInt64LE(4096n, 64 + 40);
  return (await readElf(bufferSource(bytes)))!;
}

describe('where a program was put', () => {
  it.each([
    [0, 0x5555_5555_4040, 0x5555_5555_4000],
    [0x400000, 0x400040, 0],
    [0x400000, 0x7f00_0040_0040, 0x7f00_0000_0000],
  ])('its headers at %i, found at %i, tell', async (address, placed, bias) => {
    expect(loadBias(auxv([33, 2n ** 63n], [3, placed], [4, 56]), await program(address))).toBe(bias);
  });

  it.each([
    ['nothing said', auxv([6, 4096])],
    ['an end before it', auxv([0, 0], [3, 0x400040])],
    ['not below the file', auxv([3, 0x40])],
    ['not at a page', auxv([3, 0x400048])],
    ['no whole entry', Buffer.alloc(8)],
  ])('is not known with %s', async (_, bytes) => {
    const elf = await program(0x400000);
    expect(() => loadBias(bytes, elf)).toThrow('its place in memory');
  });
});

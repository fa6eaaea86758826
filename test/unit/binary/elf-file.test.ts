import { bufferSource } from '@sealwatch/shared/binary/elf/buffer-source.js';
import { readBuildIds } from '@sealwatch/shared/binary/elf/build-id.js';
import { readInterpreter, readNeeded } from '@sealwatch/shared/binary/elf/dynamic-section.js';
import { type ElfFile, readElf } from '@sealwatch/shared/binary/elf/elf-file.js';
import { MalformedBinary } from '@sealwatch/shared/binary/elf/malformed-binary.js';
import { imageOfFile } from '@sealwatch/shared/binary/elf/program-image.js';
import { symbolValues } from '@sealwatch/shared/binary/elf/symbol-values.js';
import { describe, expect, it } from 'vitest';
import { buildElf, type ElfParts, ElfWriter } from '../../fakes/elf-builder.js';

const SEGMENTS = [{ flags: 'rx', address: 0x401000, bytes: Buffer.alloc(64, 0x90) }] as const;

async function elfOf(bytes: Buffer): Promise<ElfFile> {
  const elf = await readElf(bufferSource(bytes));
  if (elf === undefined) throw new Error('no ELF file');
  return elf;
}

describe('an ELF file', () => {
  it.each([
    ['amd64', { machine: 62 }],
    ['arm64', { machine: 183 }],
    ['386', { machine: 3, bits: 32 }],
    ['s390x', { machine: 22, bigEndian: true }],
    ['other', { machine: 8, bits: 32, bigEndian: true }],
  ] as const)('is read whatever its class and byte order: %s', async (machine, shape) => {
    const sections = [{ name: '.text', address: 0x401010, bytes: 16 }];
    const elf = await elfOf(buildElf({ ...shape, segments: SEGMENTS, sections }));
    expect(elf.header).toMatchObject({ machine, kind: 'executable', entry: 0x401000 });
    expect(elf.segments).toMatchObject([{ address: 0x401000, fileBytes: 64, executable: true, writable: false }]);
    expect(elf.sections.map(({ name }) => name)).toEqual(['', '.text', '.shstrtab']);
    expect(elf.sections[1]).toMatchObject({ address: 0x401010, bytes: 16 });
    expect(elf.problems).toEqual([]);
  });

  it('is none without its magic', async () => {
    expect(await readElf(bufferSource(Buffer.from('#!/bin/sh\n')))).toBeUndefined();
    expect(await readElf(bufferSource(Buffer.alloc(0)))).toBeUndefined();
  });

  it('runs without section headers, and with damaged ones: that is noted and nothing of them believed', async () => {
    const bytes = buildElf({ segments: SEGMENTS, sections: [{ name: '.text', address: 0x401000, bytes: 8 }] });
    bytes.writeBigUInt64LE(BigInt(bytes.length), 40);
    expect(await elfOf(bytes)).toMatchObject({
      sections: [],
      problems: ['section headers: a structure lies outside of the file'],
    });
    bytes.writeBigUInt64LE(0n, 40);
    expect(await elfOf(bytes)).toMatchObject({ sections: [], problems: [] });
    const beyond = buildElf({ segments: SEGMENTS, sections: [{ name: '.text', address: 0x401000, bytes: 2 ** 30 }] });
    expect(await elfOf(beyond)).toMatchObject({
      sections: [],
      problems: ['section headers: a section reaches beyond the end of the file'],
    });
  });

  const damaged: [string, (bytes: Buffer) => unknown, string][] = [
    ['a class of its own', (bytes) => bytes.writeUInt8(3, 4), 'it is neither of 32 nor of 64 bits'],
    ['a byte order of its own', (bytes) => bytes.writeUInt8(0, 5), 'its byte order is not known'],
    ['program headers at the end of the world', (b) => b.writeBigUInt64LE(2n ** 63n, 32), 'a number is out of range'],
    ['program headers outside', (b) => b.writeBigUInt64LE(2n ** 40n, 32), 'a structure lies outside of the file'],
    [
      'program headers of another size',
      (bytes) => bytes.writeUInt16LE(32, 54),
      'its program headers are of another size',
    ],
    ['too many program headers', (bytes) => bytes.writeUInt16LE(65_535, 56), 'it has 65535 program headers'],
    [
      'a segment that reaches beyond',
      (b) => b.writeBigUInt64LE(2n ** 30n, 64 + 32),
      'a segment reaches beyond the end of the file',
    ],
    ['a segment without room', (b) => b.writeBigUInt64LE(1n, 64 + 40), 'a segment has more bytes than memory'],
    ['a segment beyond all addresses', (b) => b.writeBigUInt64LE(2n ** 53n - 2n, 64 + 16), 'a number is out of range'],
  ];
  it.each(damaged)('is malformed with %s', async (_, damage, reason) => {
    const bytes = buildElf({ segments: SEGMENTS });
    damage(bytes);
    await expect(readElf(bufferSource(bytes))).rejects.toThrow(new MalformedBinary(reason));
  });

  it('maps no address twice, and no byte of the file again and again', async () => {
    const twice = [SEGMENTS[0], { ...SEGMENTS[0], address: 0x401020 }];
    await expect(elfOf(buildElf({ segments: twice }))).rejects.toThrow('its segments overlap or are out of order');
    const large = Buffer.alloc(200_000);
    const bytes = buildElf({ segments: [0, 1].map((i) => ({ flags: 'r', address: i * 2 ** 20, bytes: large })) });
    // the second one at the first one's place in the file
    bytes.copy(bytes, 64 + 56 + 8, 64 + 8, 64 + 16);
    const same = Buffer.concat([bytes.subarray(0, 4096 + 200_000)]);
    await expect(readElf(bufferSource(same))).rejects.toThrow('its segments map the same bytes again');
  });

  it('ends where it is cut: never another answer', async () => {
    const bytes = buildElf({ segments: SEGMENTS, symbols: [{ name: 'main', value: 0x401000 }] });
    for (let length = 4; length < bytes.length; length++) {
      await readElf(bufferSource(bytes.subarray(0, length))).then(
        (elf) => {
          expect(elf?.sections).toEqual([]);
        },
        (error: unknown) => {
          expect(error).toBeInstanceOf(MalformedBinary);
        },
      );
    }
  });
});

describe('symbols', () => {
  const values = async (parts: ElfParts, names: string[]): Promise<[string, readonly number[]][]> => {
    const bytes = buildElf({ segments: SEGMENTS, ...parts });
    return [...(await symbolValues(bufferSource(bytes), await elfOf(bytes), names))];
  };

  it.each([{}, { bits: 32 }, { bigEndian: true }, { bits: 32, bigEndian: true }] as const)(
    'are found by their whole name: %j',
    async (shape) => {
      const symbols = [
        { name: 'start', value: 0x401000 },
        { name: 'starter', value: 0x401001 },
        { name: 'start', value: 0x401002 },
      ];
      expect(await values({ ...shape, symbols }, ['start', 'end'])).toEqual([['start', [0x401000, 0x401002]]]);
    },
  );

  it('are found in a table larger than one window', async () => {
    const many = Array.from({ length: 40_000 }, (_, i) => ({ name: '', value: i }));
    const symbols = [...many, { name: 'wanted', value: 7 }, ...many.slice(0, 10)];
    expect(await values({ symbols }, ['wanted'])).toEqual([['wanted', [7]]]);
  });
});

describe('what a loader reads', () => {
  const address = 0x402000;
  const texts = '\0libc.so.6\0libcrypto.so.3\0/lib64/ld-linux-x86-64.so.2\0';
  const data = (shape: Pick<ElfParts, 'bits' | 'bigEndian'>): Buffer =>
    Buffer.concat([
      Buffer.from(texts.padEnd(128, '\0'), 'latin1'),
      new ElfWriter(shape)
        .word(1)
        .word(1)
        .word(0x6ffffffb)
        .word(2n ** 64n - 1n)
        .word(1)
        .word(11)
        .word(5)
        .word(address)
        .word(0)
        .word(0)
        .bytes(),
      Buffer.alloc(64),
    ]);

  it.each([{}, { bits: 32 }, { bigEndian: true }] as const)('are libraries and the interpreter: %j', async (shape) => {
    const pointers = [
      { type: 2, address: address + 128, bytes: 80 },
      { type: 3, address: address + 26, bytes: 28 },
    ];
    const bytes = buildElf({ ...shape, segments: [{ flags: 'rw', address, bytes: data(shape) }], pointers });
    const elf = await elfOf(bytes);
    const { memory } = imageOfFile(bufferSource(bytes), elf);
    expect(await readNeeded(memory, elf)).toEqual(['libc.so.6', 'libcrypto.so.3']);
    expect(await readInterpreter(memory, elf)).toBe('/lib64/ld-linux-x86-64.so.2');
  });

  it('are none in a static program', async () => {
    const bytes = buildElf({ segments: SEGMENTS });
    const elf = await elfOf(bytes);
    const { memory } = imageOfFile(bufferSource(bytes), elf);
    expect(await readNeeded(memory, elf)).toEqual([]);
    expect(await readInterpreter(memory, elf)).toBeNull();
  });
});

describe('build IDs', () => {
  it('are those of both linkers', async () => {
    const notes = new ElfWriter()
      .u32(4)
      .u32(3)
      .u32(3)
      .raw(Buffer.from('GNU\0'))
      .raw(Buffer.from([1, 2, 255, 0]))
      .u32(4)
      .u32(5)
      .u32(4)
      .raw(Buffer.from('Go\0\0'))
      .raw(Buffer.from('a/b/c\0\0\0'))
      .bytes();
    const bytes = buildElf({
      segments: [{ flags: 'r', address: 0x400000, bytes: notes }],
      pointers: [{ type: 4, address: 0x400000, bytes: notes.length }],
    });
    const elf = await elfOf(bytes);
    expect(await readBuildIds(imageOfFile(bufferSource(bytes), elf).memory, elf)).toEqual({
      gnu: '0102ff',
      go: 'a/b/c',
    });
  });
});

import { bufferSource } from '@sealwatch/shared/binary/elf/buffer-source.js';
import { readElf } from '@sealwatch/shared/binary/elf/elf-file.js';
import { imageOfFile, imageOfProcess } from '@sealwatch/shared/binary/elf/program-image.js';
import { type NativeModule, readNativeModule } from '@sealwatch/shared/binary/go/native-module.js';
import { describe, expect, it } from 'vitest';
import { buildElf, type ElfParts, ElfWriter } from '../../fakes/elf-builder.js';
import { fipsInfo } from '../../fakes/go-data.js';
import { noise } from '../../fakes/module-text.js';

const TEXT = { start: 0x401000, bytes: noise(5000) };
const RODATA = { start: 0x500000, bytes: noise(700) };
const INFO = 0x600020;
const DATA = { start: 0x600200, bytes: noise(300) };
const RANGES = [TEXT, RODATA, { start: 0x600300, bytes: Buffer.alloc(0) }, DATA];
type Shape = Pick<ElfParts, 'bits' | 'bigEndian' | 'machine' | 'type'>;

/** A program with the module, whose record may be changed before it is laid down. */
function program(shape: Shape = {}, change: (info: Buffer) => Buffer = (info) => info): ElfParts {
  const info = change(fipsInfo(INFO, RANGES, shape));
  const data = Buffer.alloc(0x1000);
  info.copy(data, 0x20);
  DATA.bytes.copy(data, 0x200);
  return {
    ...shape,
    segments: [
      { flags: 'rx', address: TEXT.start, bytes: TEXT.bytes },
      { flags: 'r', address: RODATA.start, bytes: RODATA.bytes },
      { flags: 'rw', address: 0x600000, bytes: data },
    ],
  };
}

async function check(parts: ElfParts, damage: (file: Buffer) => unknown = () => undefined): Promise<NativeModule> {
  const bytes = buildElf(parts);
  damage(bytes);
  const source = bufferSource(bytes);
  return readNativeModule(imageOfFile(source, (await readElf(source))!));
}

describe("Go's native module", () => {
  it.each([{}, { bits: 32, machine: 3 }, { bigEndian: true, machine: 22 }, { machine: 183 }] as const)(
    'is consistent if its four ranges give its sum: %j',
    async (shape) => {
      expect(await check(program(shape))).toMatchObject({ state: 'consistent', address: INFO, bytes: 6000 });
    },
  );

  it('is corrupt after one changed byte, wherever that is', async () => {
    for (const { bytes } of [TEXT, RODATA, DATA]) {
      const damage = (file: Buffer): void => {
        const at = file.indexOf(bytes.subarray(0, 32)) + bytes.length - 1;
        file[at] = file[at]! ^ 1;
      };
      expect((await check(program(), damage)).state).toBe('corrupt');
    }
    const sum = (info: Buffer): Buffer => (info.writeUInt8(info[16]! ^ 1, 16), info);
    expect((await check(program({}, sum))).state).toBe('corrupt');
  });

  it('is no module if it does not point at itself', async () => {
    const elsewhere = (info: Buffer): Buffer => (info.writeBigUInt64LE(BigInt(INFO + 32), 48), info);
    expect(await check(program({}, elsewhere))).toEqual({ state: 'absent' });
  });

  it.each([
    ['ends before it starts', 0x400fff],
    ['is too long', TEXT.start + 2 ** 25],
    ['lies outside', TEXT.start + 100_000],
  ])('is malformed if a range %s', async (_, end) => {
    const change = (info: Buffer): Buffer => (info.writeBigUInt64LE(BigInt(end), 64), info);
    expect(await check(program({}, change))).toMatchObject({ state: 'malformed' });
  });

  it.each([
    [62, 8],
    [183, 1027],
  ])('in a position-independent program of machine %i has its addresses from relocations', async (machine, type) => {
    const relocations = new ElfWriter();
    const move = (info: Buffer): Buffer => {
      for (let at = 48; at < info.length; at += 8) {
        relocations
          .u64(INFO + at)
          .u64(type)
          .u64(info.readBigUInt64LE(at));
        info.fill(0, at, at + 8);
      }
      return info;
    };
    const parts = program({ machine, type: 3 }, move);
    const table = relocations.bytes();
    const dynamic = new ElfWriter().u64(7).u64(0x700000).u64(8).u64(table.length).u64(0).u64(0).bytes();
    const segments = [
      ...parts.segments!,
      { flags: 'rw', address: 0x700000, bytes: Buffer.concat([table, dynamic]) } as const,
    ];
    const pointers = [{ type: 2, address: 0x700000 + table.length, bytes: dynamic.length }];
    expect(await check({ ...parts, segments, pointers })).toMatchObject({ state: 'consistent', bytes: 6000 });
    expect((await check({ ...parts, segments })).state).toBe('absent');
  });

  it('in a process has its addresses from where the program was put', async () => {
    const bias = 0x5500_0000_0000;
    const move = (info: Buffer): Buffer => {
      for (let at = 48; at < info.length; at += 8) info.writeBigUInt64LE(info.readBigUInt64LE(at) + BigInt(bias), at);
      return info;
    };
    const parts = program({ type: 3 }, move);
    const elf = (await readElf(bufferSource(buildElf(parts))))!;
    const memory = {
      size: Number.MAX_SAFE_INTEGER,
      readInto(target: Buffer, position: number) {
        const home = parts.segments!.find(
          ({ address, bytes }) => position >= address + bias && position < address + bias + bytes.length,
        );
        return Promise.resolve(home === undefined ? 0 : home.bytes.copy(target, 0, position - bias - home.address));
      },
    };
    expect(await readNativeModule(imageOfProcess(memory, elf, bias))).toMatchObject({
      state: 'consistent',
      bytes: 6000,
    });
    expect((await readNativeModule(imageOfProcess(memory, elf, bias + 4096))).state).not.toBe('consistent');
  });

  it('is absent in other programs', async () => {
    expect(await check({ segments: [{ flags: 'rx', address: TEXT.start, bytes: TEXT.bytes }] })).toEqual({
      state: 'absent',
    });
  });
});

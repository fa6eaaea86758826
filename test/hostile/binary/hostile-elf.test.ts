import { mkdtempSync, openSync, closeSync, readSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyzeBinary } from '@sealwatch/shared/binary/analyze-binary.js';
import type { BinaryObservation } from '@sealwatch/shared/binary/binary-facts.js';
import { concludeModule } from '@sealwatch/shared/binary/conclude-module.js';
import { bufferSource } from '@sealwatch/shared/binary/elf/buffer-source.js';
import type { ByteSource } from '@sealwatch/shared/binary/elf/byte-source.js';
import { inspectionOf } from '@sealwatch/shared/binary/inspection.js';
import { KNOWN_BORING_MODULES } from '@sealwatch/shared/binary/module/known-boring-modules.js';
import { observeFile } from '@sealwatch/shared/binary/observe-file.js';
import { renderInspection } from '@sealwatch/shared/binary/render-inspection.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildElf, ElfWriter } from '../../fakes/elf-builder.js';
import { fipsInfo, framed, inlineBuildInfo, pointedBuildInfo } from '../../fakes/go-data.js';
import { moduleSymbols, moduleText, noise, writeLoad } from '../../fakes/module-text.js';

/** Counts what is read of a source, and the largest single read. */
function counted(inner: ByteSource): ByteSource & { readonly read: { bytes: number; calls: number; largest: number } } {
  const read = { bytes: 0, calls: 0, largest: 0 };
  return {
    size: inner.size,
    read,
    async readInto(target, position) {
      const bytes = await inner.readInto(target, position);
      read.bytes += bytes;
      read.calls++;
      read.largest = Math.max(read.largest, bytes);
      return bytes;
    },
  };
}

/** Analyses hostile bytes: always a value, with a bounded number of bytes read whatever they say. */
async function analyzed(bytes: Buffer): Promise<BinaryObservation> {
  const source = counted(bufferSource(bytes));
  const observation = await analyzeBinary(source);
  expect(observation.state).not.toBe('unreadable');
  expect(source.read.largest).toBeLessThanOrEqual(1024 * 1024 + 64);
  expect(source.read.calls).toBeLessThan(5000);
  if (observation.state === 'program') concludeModule(observation.facts);
  renderInspection(inspectionOf({ kind: 'file', path: 'f' }, observation));
  return observation;
}

/** A program with something of everything, small enough to be damaged thousands of times. */
function everything(): Buffer {
  const code = { flags: 'rx', address: 0x401000, bytes: noise(2048) } as const;
  const rodata = { flags: 'r', address: 0x500000, bytes: noise(256) } as const;
  const base = 0x600000;
  const info = pointedBuildInfo(base, 'go1.16 X:boringcrypto', framed('path\tmain\nbuild\tGOFIPS140=v1.0.0\n'));
  const fips = base + 0x200;
  const ranges = [code, rodata, rodata, rodata].map(({ address, bytes }) => ({ start: address, bytes }));
  const data = Buffer.alloc(0x600);
  info.copy(data);
  fipsInfo(fips, ranges).copy(data, 0x200);
  const relocations = new ElfWriter()
    .u64(fips + 48)
    .u64(8)
    .u64(fips)
    .u64(base + 16)
    .u64(8)
    .u64(base + 32)
    .bytes();
  relocations.copy(data, 0x300);
  const dynamic = new ElfWriter()
    .u64(1)
    .u64(1)
    .u64(5)
    .u64(base + 0x500)
    .u64(7)
    .u64(base + 0x300)
    .u64(8)
    .u64(48)
    .u64(0)
    .u64(0)
    .bytes();
  dynamic.copy(data, 0x400);
  Buffer.from('\0libcrypto.so.3\0/lib64/ld.so\0', 'latin1').copy(data, 0x500);
  new ElfWriter().u32(4).u32(4).u32(3).raw(Buffer.from('GNU\0abcd')).bytes().copy(data, 0x580);
  const table = Buffer.concat([
    new ElfWriter().u32(0xfffffff1).u32(0).u64(0).u64(0).u64(0).u64(64).u64(128).bytes(),
    Buffer.alloc(80, 0x41),
  ]);
  return buildElf({
    type: 3,
    segments: [
      code,
      rodata,
      { flags: 'rw', address: base, bytes: data },
      { flags: 'r', address: 0x700000, bytes: table },
    ],
    pointers: [
      { type: 2, address: base + 0x400, bytes: dynamic.length },
      { type: 3, address: base + 0x510, bytes: 14 },
      { type: 4, address: base + 0x580, bytes: 20 },
    ],
    sections: [
      { name: '.go.buildinfo', address: base, bytes: info.length },
      { name: '.go.fipsinfo', address: fips, bytes: 0x78 },
      { name: '.gopclntab', address: 0x700000, bytes: table.length },
    ],
    symbols: ['start', 'end', 'hash'].map((part, i) => ({
      name: `BORINGSSL_bcm_text_${part}`,
      value: 0x401000 + 512 * i,
    })),
  });
}

const NUMBERS = [
  0n,
  1n,
  7n,
  0x7fn,
  0xffn,
  0xffffn,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

describe('a hostile program', () => {
  const whole = everything();

  it('is read as it is when nothing is wrong with it', async () => {
    expect(await analyzed(whole)).toMatchObject({
      state: 'program',
      facts: {
        elf: { needed: ['libcrypto.so.3'], interpreter: '/lib64/ld.so', buildIds: { gnu: '61626364' }, problems: [] },
        go: { format: 'pointers', version: { text: 'go1.16 X:boringcrypto' }, module: { path: 'main' } },
        boring: { state: 'corrupt', by: 'symbols' },
        native: { state: 'consistent' },
      },
    });
  });

  it('is a value, whatever bytes of it are changed', async () => {
    const change = fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(change, async (changes) => {
        const damaged = Buffer.from(whole);
        for (const [at, value] of changes) damaged[at] = value;
        await analyzed(damaged);
      }),
      { numRuns: 400 },
    );
  });

  it('is a value, whatever numbers stand in its headers and tables', async () => {
    const tables = whole.readBigUInt64LE(40);
    const places = [
      ...Array.from({ length: 500 / 4 }, (_, i) => 4 * i),
      ...Array.from({ length: Math.floor((whole.length - Number(tables)) / 4) }, (_, i) => Number(tables) + 4 * i),
      // the data: build info, record of the module, relocations, dynamic section
      ...Array.from({ length: 0x600 / 8 }, (_, i) => whole.indexOf(Buffer.from('\xff Go buildinf:', 'latin1')) + 8 * i),
    ].filter((at) => at + 8 <= whole.length);
    const change = fc.array(fc.tuple(fc.constantFrom(...places), fc.constantFrom(...NUMBERS), fc.boolean()), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(change, async (changes) => {
        const damaged = Buffer.from(whole);
        for (const [at, value, wide] of changes) {
          if (wide) damaged.writeBigUInt64LE(value, at);
          else damaged.writeUInt32LE(Number(value & 0xffffffffn), at);
        }
        await analyzed(damaged);
      }),
      { numRuns: 1500 },
    );
  });

  it('cut short anywhere is a value, and no whole module', async () => {
    for (let length = 0; length < whole.length; length += 61) {
      const observation = await analyzed(whole.subarray(0, length));
      if (observation.state === 'program') expect(observation.facts.boring.state).not.toBe('found');
    }
  });

  it('any bytes after the magic are a value', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 2),
        fc.constantFrom(1, 2),
        fc.uint8Array({ maxLength: 400 }),
        async (bits, order, rest) => {
          await analyzed(Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, bits, order]), rest]));
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('the headers of a real program', () => {
  const head = Buffer.alloc(512 * 1024);
  const fd = openSync('/bin/sh', 'r');
  const real = head.subarray(0, readSync(fd, head, 0, head.length, 0));
  closeSync(fd);

  it('are a value, damaged and cut', async () => {
    const change = fc.tuple(
      fc.integer({ min: 64, max: real.length }),
      fc.array(fc.tuple(fc.nat({ max: 1000 }), fc.constantFrom(...NUMBERS)), { maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(change, async ([length, changes]) => {
        const damaged = Buffer.from(real.subarray(0, length));
        for (const [at, value] of changes) if (at + 8 <= length) damaged.writeBigUInt64LE(value, at);
        await analyzed(damaged);
      }),
      { numRuns: 150 },
    );
  });
});

describe('code made to cost time', () => {
  const CODE = 0x401000;
  const LENGTH = 8 * 1024 * 1024;
  const inCode = (bytes: Buffer): Buffer => buildElf({ segments: [{ flags: 'rx', address: CODE, bytes }] });

  const filled = (pattern: Buffer): Buffer => Buffer.alloc(LENGTH, pattern);
  const loads = (target: (i: number) => number): Buffer => {
    const bytes = Buffer.alloc(LENGTH, 0x90);
    for (let i = 0; i * 7 + 7 <= LENGTH; i++) writeLoad(bytes, i * 7, 0x48, CODE + i * 7, CODE + target(i));
    return bytes;
  };

  it.each([
    ['nothing but beginnings of signatures', () => filled(Buffer.from('eb1df448f44bf4', 'hex'))],
    [
      'nothing but aligned signatures',
      () => filled(Buffer.from('eb1df448f44bf4b332f52813a3b450d441cc2485f001454e92101b1d2f1950c3', 'hex')),
    ],
    ['nothing but hashes of a known build', () => filled(Buffer.from(KNOWN_BORING_MODULES[0]!.hash, 'hex'))],
    ['nothing but loads of its beginning', () => loads(() => 0)],
    ['nothing but loads a megabyte apart', () => loads((i) => (i % 2) * 1024 * 1024)],
    ['nothing but loads of different places', () => loads((i) => (i * 16 * 4099) % (LENGTH - 16))],
    ['nothing but build info that is none', () => filled(Buffer.from('\xff Go buildinf:\x08\x02', 'latin1'))],
  ])('ends: %s', async (_, code) => {
    const started = performance.now();
    const observation = await analyzeBinary(bufferSource(inCode(code())));
    expect(observation.state).toBe('program');
    if (observation.state === 'program') expect(observation.facts.boring.state).not.toBe('found');
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it.each(['\xff Go buildinf:\x08\x02', '\xff Go fipsinfo \xff\0', '\xff Go buildinf:\x08\x00'])(
    'ends, in data: %j',
    async (magic) => {
      const bytes = Buffer.alloc(LENGTH, Buffer.from(magic, 'latin1'));
      const source = counted(bufferSource(buildElf({ segments: [{ flags: 'rw', address: CODE, bytes }] })));
      const observation = await analyzeBinary(source);
      expect(observation).toMatchObject({ state: 'program', facts: { go: null } });
      if (observation.state === 'program') expect(observation.facts.native.state).not.toBe('consistent');
      expect(source.read.bytes).toBeLessThan(4 * LENGTH);
    },
  );

  it('reads a program a small number of times', async () => {
    const bytes = inCode(noise(LENGTH));
    const source = counted(bufferSource(bytes));
    await analyzeBinary(source);
    expect(source.read.bytes).toBeLessThan(3 * bytes.length);
  });
});

describe('files that claim to be larger than they may', () => {
  const directory = (): string => mkdtempSync(join(tmpdir(), 'sealwatch-hostile-elf-'));

  it.each([
    ['code', 64 + 32, 64 + 40, 'malformed'],
    ['symbols', 0, 0, 'program'],
  ])('a sparse terabyte of %s is refused, or left out, at once', async (what, fileBytes, memoryBytes, state) => {
    const room = directory();
    try {
      const text = moduleText(0x401000);
      const bytes = buildElf({
        segments: [{ flags: 'rx', address: 0x401000, bytes: text.bytes }],
        symbols: moduleSymbols(text),
      });
      const terabyte = 2n ** 40n;
      if (what === 'code') for (const at of [fileBytes, memoryBytes]) bytes.writeBigUInt64LE(terabyte, at);
      else {
        const sections = Number(bytes.readBigUInt64LE(40));
        for (const index of [1, 2]) bytes.writeBigUInt64LE(terabyte, sections + 64 * index + 32);
      }
      const path = join(room, 'sparse');
      writeFileSync(path, bytes);
      truncateSync(path, 2 ** 41);
      const started = performance.now();
      const observation = await observeFile(path);
      expect(observation.state).toBe(state);
      expect(performance.now() - started).toBeLessThan(5000);
      if (observation.state === 'program') {
        expect(observation.facts.elf.problems).toEqual(['section headers: a table of symbols is too large']);
        // still found, by what it refers to
        expect(observation.facts.boring).toMatchObject({ state: 'found', by: 'self-test', hash: text.hash });
      }
    } finally {
      rmSync(room, { recursive: true, force: true });
    }
  });

  it('a build info that names a gigabyte is none', async () => {
    const info = inlineBuildInfo('go1.20');
    Buffer.from('ffffffff0f', 'hex').copy(info, 32);
    const bytes = buildElf({ segments: [{ flags: 'rw', address: 0x600000, bytes: info }] });
    expect(await analyzed(bytes)).toMatchObject({ state: 'program', facts: { go: null } });
  });
});

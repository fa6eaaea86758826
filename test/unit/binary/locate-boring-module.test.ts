import { createHmac } from 'node:crypto';
import { bufferSource } from '@sealwatch/shared/binary/elf/buffer-source.js';
import { readElf } from '@sealwatch/shared/binary/elf/elf-file.js';
import { imageOfFile } from '@sealwatch/shared/binary/elf/program-image.js';
import { symbolValues } from '@sealwatch/shared/binary/elf/symbol-values.js';
import type { KnownBoringModule } from '@sealwatch/shared/binary/module/known-boring-modules.js';
import {
  type LocatedModule,
  locateBoringModule,
  MODULE_SYMBOLS,
} from '@sealwatch/shared/binary/module/locate-boring-module.js';
import { ModuleMac } from '@sealwatch/shared/binary/module/module-mac.js';
import { scanCode } from '@sealwatch/shared/binary/module/scan-code.js';
import { describe, expect, it } from 'vitest';
import { buildElf, type ElfParts, type ElfSegment } from '../../fakes/elf-builder.js';
import {
  HASH_OFFSET,
  MODULE_LENGTH,
  MODULE_SYMBOL_NAMES,
  moduleSymbols,
  type ModuleText,
  moduleText,
  noise,
  writeLoad,
} from '../../fakes/module-text.js';

const CODE = 0x401000;

function knownAs({ hash }: ModuleText): KnownBoringModule {
  return {
    name: 'BoringCrypto',
    version: 'v1',
    certificates: ['1'],
    machine: 'amd64',
    hmac: hash.length === 128 ? 'sha512' : 'sha256',
    hash,
    length: MODULE_LENGTH,
    hashOffset: HASH_OFFSET,
    builtInto: 'a test',
    provenance: 'a test',
  };
}

async function locate(parts: ElfParts, known: readonly KnownBoringModule[] = []): Promise<LocatedModule> {
  const source = bufferSource(buildElf(parts));
  const elf = (await readElf(source))!;
  const image = imageOfFile(source, elf);
  const symbols = await symbolValues(source, elf, MODULE_SYMBOLS);
  return locateBoringModule(image, { symbols, scan: await scanCode(image, known) });
}

const code = (bytes: Buffer): readonly ElfSegment[] => [{ flags: 'rx', address: CODE, bytes }];

function flipped({ bytes, start }: ModuleText): Buffer {
  const copy = Buffer.from(bytes);
  const at = start - CODE + 1000;
  copy[at] = copy[at]! ^ 1;
  return copy;
}

describe.each(['sha256', 'sha512'] as const)('a module with HMAC-%s', (hmac) => {
  const text = moduleText(CODE, hmac);
  const found = { state: 'found', address: text.start, length: MODULE_LENGTH, hmac, hash: text.hash };

  it('is found by its symbols', async () => {
    expect(await locate({ segments: code(text.bytes), symbols: moduleSymbols(text) })).toEqual({
      ...found,
      by: 'symbols',
    });
  });

  it('is found by the hash of a known build without them', async () => {
    expect(await locate({ segments: code(text.bytes) }, [knownAs(text)])).toEqual({ ...found, by: 'known-hash' });
  });

  it('is found by its own references when nobody knows it', async () => {
    expect(await locate({ segments: code(text.bytes) })).toEqual({ ...found, by: 'self-test' });
  });

  it('is corrupt after one changed byte, if symbols or the hash of a known build still tell where it was', async () => {
    const segments = code(flipped(text));
    expect(await locate({ segments, symbols: moduleSymbols(text) })).toMatchObject({ state: 'corrupt', by: 'symbols' });
    expect(await locate({ segments }, [knownAs(text)])).toMatchObject({ state: 'corrupt', by: 'known-hash' });
    expect(await locate({ segments })).toEqual({ state: 'not-found' });
  });

  it('changed and given a new hash is found, and is another one', async () => {
    const changed = flipped(text);
    const module = changed.subarray(text.start - CODE, text.end - CODE);
    const hash = createHmac(hmac, Buffer.alloc(64)).update(module).digest();
    hash.copy(changed, text.hashAddress - CODE);
    const located = await locate({ segments: code(changed) }, [knownAs(text)]);
    expect(located).toEqual({ ...found, by: 'self-test', hash: hash.toString('hex') });
    expect(hash.toString('hex')).not.toBe(text.hash);
  });
});

describe('a module', () => {
  const text = moduleText(CODE);

  it('whose hash was never put in is corrupt', async () => {
    const bytes = Buffer.from(text.bytes);
    Buffer.from('ae2cea2abda6f3ec977f9bf6949afc836827cba0a09f6b6fde52cde2cdff3180', 'hex').copy(
      bytes,
      text.hashAddress - CODE,
    );
    expect(await locate({ segments: code(bytes), symbols: moduleSymbols(text) })).toMatchObject({
      state: 'corrupt',
      reason: 'its hash was never put in',
    });
  });

  it('of a shared library is hashed with its read-only data, lengths and all', async () => {
    const rodata = { start: 0x500000, bytes: noise(5000) };
    const bytes = Buffer.from(text.bytes);
    const mac = createHmac('sha256', Buffer.alloc(64));
    for (const part of [bytes.subarray(64, 64 + MODULE_LENGTH), rodata.bytes]) {
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(part.length));
      mac.update(length).update(part);
    }
    mac.digest().copy(bytes, text.hashAddress - CODE);
    const symbols = [
      ...moduleSymbols(text),
      { name: 'BORINGSSL_bcm_rodata_start', value: rodata.start },
      { name: 'BORINGSSL_bcm_rodata_end', value: rodata.start + rodata.bytes.length },
    ];
    const segments = [...code(bytes), { flags: 'r', address: rodata.start, bytes: rodata.bytes } as const];
    expect(await locate({ segments, symbols })).toMatchObject({ state: 'found', by: 'symbols', hmac: 'sha256' });
  });

  it('for arm64 is found by its symbols, and can not be told without them', async () => {
    const parts = { machine: 183, segments: code(text.bytes) };
    expect(await locate({ ...parts, symbols: moduleSymbols(text) })).toMatchObject({ state: 'found', by: 'symbols' });
    expect(await locate(parts)).toMatchObject({ state: 'undetermined' });
  });

  it.each([
    ['end before start', [text.end, text.start, text.hashAddress]],
    ['lie outside of the file', [text.start + 2 ** 30, text.end + 2 ** 30, text.hashAddress]],
    ['span more than any module', [text.start, text.start + 2 ** 30, text.hashAddress]],
    ['have no hash', [text.start, text.end, 0]],
  ])('is corrupt if its symbols %s', async (_, values) => {
    const symbols = MODULE_SYMBOL_NAMES.map((name, i) => ({ name, value: values[i]! }));
    expect((await locate({ segments: code(text.bytes), symbols })).state).toBe('corrupt');
  });

  it('is not one if its references lie outside of it, however right its hash', async () => {
    const bytes = Buffer.concat([text.bytes, noise(4096)]);
    const selfTest = text.start + 200_000 - CODE;
    bytes.fill(0x90, selfTest, selfTest + 32);
    const hash = createHmac('sha512', Buffer.alloc(64))
      .update(bytes.subarray(64, 64 + MODULE_LENGTH))
      .digest();
    hash.copy(bytes, text.hashAddress - CODE);
    const refer = (at: number): Buffer => {
      const referring = Buffer.from(bytes);
      writeLoad(referring, at, 0x48, CODE + at, text.start);
      writeLoad(referring, at + 7, 0x48, CODE + at + 7, text.end);
      return referring;
    };
    for (const at of [text.bytes.length + 16, 16]) {
      expect(await locate({ segments: code(refer(at)) })).toEqual({ state: 'not-found' });
    }
  });

  it('can not be told in code with thousands of places that look like one', async () => {
    const bytes = noise(600_000);
    for (let i = 0; i < 2000; i++) {
      const at = 280_000 + i * 20;
      writeLoad(bytes, at, 0x48, CODE + at, CODE + 16 * i);
      writeLoad(bytes, at + 7, 0x48, CODE + at + 7, CODE + 400_000 + i);
    }
    expect(await locate({ segments: code(bytes) })).toMatchObject({ state: 'undetermined' });
  });

  it('is found where two windows meet', async () => {
    const window = 256 * 1024;
    for (const shift of [0, 1, 5, 6, 7]) {
      // the second load begins `shift` bytes before the border
      const bytes = Buffer.concat([Buffer.alloc(window - 200_011 - 64 - shift, 0xcc)]);
      const address = CODE + Math.floor(bytes.length / 16) * 16;
      const moved = moduleText(address);
      const whole = Buffer.concat([Buffer.alloc(address - CODE, 0xcc), moved.bytes]);
      expect(await locate({ segments: code(whole) })).toMatchObject({ state: 'found', address: moved.start });
      expect(await locate({ segments: code(whole) }, [knownAs(moved)])).toMatchObject({ by: 'known-hash' });
    }
  });
});

describe('the module hash', () => {
  it.each(['sha256', 'sha512'] as const)('is HMAC-%s with a key of zeros, at any time', (algorithm) => {
    const mac = new ModuleMac();
    for (const until of [0, 1, 100, 4096]) {
      const expected = createHmac(algorithm, Buffer.alloc(64)).update(noise(5000).subarray(0, until)).digest('hex');
      mac.update(noise(5000).subarray(until === 0 ? 0 : { 1: 0, 100: 1, 4096: 100 }[until]!, until));
      expect(mac.hashes()[algorithm].toString('hex')).toBe(expected);
    }
  });
});

describe('code signatures', () => {
  const BORING = Buffer.from('eb1df448f44bf4b332f52813a3b450d441cc2485f001454e92101b1d2f1950c3', 'hex');
  const STANDARD = Buffer.from('eb1df448f44bf4baee4dfa9851ca56a91145e83e99c59cf911cb8e80daf12fc3', 'hex');
  const FIPS_ONLY = Buffer.from('eb1df448f44bf4363cb9ce9d68047d31f28d325d5ca5873f5d80caf6d6151bc3', 'hex');
  const scan = async (bytes: Buffer, machine = 62, flags: 'rx' | 'rw' = 'rx'): Promise<string[]> => {
    const source = bufferSource(buildElf({ machine, segments: [{ flags, address: CODE, bytes }] }));
    const { signatures } = await scanCode(imageOfFile(source, (await readElf(source))!), []);
    return [...signatures].sort();
  };

  it('are found at multiples of 16 in code, also where two windows meet', async () => {
    const window = 256 * 1024;
    const bytes = Buffer.alloc(window + 1024, 0xcc);
    BORING.copy(bytes, 0);
    STANDARD.copy(bytes, window - 16);
    FIPS_ONLY.copy(bytes, window + 256);
    expect(await scan(bytes)).toEqual(['boringCrypto', 'fipsOnly', 'standardCrypto']);
  });

  it('are none elsewhere: between, in data, on other machines, or not whole', async () => {
    const bytes = Buffer.alloc(256, 0xcc);
    BORING.copy(bytes, 8);
    STANDARD.subarray(0, 31).copy(bytes, 64);
    expect(await scan(bytes)).toEqual([]);
    expect(await scan(BORING, 62, 'rw')).toEqual([]);
    expect(await scan(BORING, 183)).toEqual([]);
  });
});

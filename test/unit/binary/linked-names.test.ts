import { bufferSource } from '@sealwatch/shared/binary/elf/buffer-source.js';
import { readElf } from '@sealwatch/shared/binary/elf/elf-file.js';
import { imageOfFile } from '@sealwatch/shared/binary/elf/program-image.js';
import { type LinkedNames, readLinkedNames } from '@sealwatch/shared/binary/go/linked-names.js';
import { describe, expect, it } from 'vitest';
import { buildElf, type ElfParts, ElfWriter } from '../../fakes/elf-builder.js';

const ADDRESS = 0x600000;
const NONE: LinkedNames = {
  known: true,
  boringCrypto: false,
  standardCrypto: false,
  fipsOnly: false,
  boringCalls: false,
  openssl: false,
  frozenVersion: null,
};

async function namesOf(parts: ElfParts): Promise<LinkedNames> {
  const source = bufferSource(buildElf(parts));
  return readLinkedNames(source, imageOfFile(source, (await readElf(source))!));
}

const symbols = (...names: string[]): ElfParts => ({ symbols: names.map((name) => ({ name, value: 1 })) });

describe('names of functions', () => {
  it.each([
    ['crypto/internal/boring/sig.BoringCrypto.abi0', { boringCrypto: true }],
    ['crypto/internal/boring/sig.StandardCrypto', { standardCrypto: true }],
    ['crypto/internal/boring/sig.FIPSOnly.abi0', { fipsOnly: true }],
    ['crypto/internal/boring._Cfunc__goboringcrypto_SHA256_Init', { boringCalls: true }],
    ['vendor/github.com/golang-fips/openssl/v2.NewGCMTLS', { openssl: true }],
    ['go_openssl_EVP_sha256', { openssl: true }],
    ['crypto/internal/fips140/v1.0.0-c2097c7c/aes.New', { frozenVersion: 'v1.0.0-c2097c7c' }],
    ['crypto/internal/fips140/v1.0.0/sha256.New', { frozenVersion: 'v1.0.0' }],
    ['crypto/internal/fips140/vector.New', {}],
    ['main.main', {}],
  ])('%s', async (name, expected) => {
    expect(await namesOf(symbols('main.init', name))).toEqual({ ...NONE, ...expected });
  });

  it('are not known if there is no table of them', async () => {
    expect(await namesOf({})).toEqual({ ...NONE, known: false });
  });

  it.each([
    ['Go 1.16', 0xfffffffa, 2],
    ['Go 1.18', 0xfffffff0, 3],
    ['Go 1.20', 0xfffffff1, 3],
  ])('stand in the table for stack traces of %s, between its two offsets only', async (_, magic, words) => {
    const header = new ElfWriter().u32(magic).u32(0x08010000);
    const at = 8 + 8 * (words + 2);
    const inside = Buffer.from('\0crypto/internal/boring/sig.BoringCrypto\0');
    for (let word = 0; word < words; word++) header.u64(0);
    header.u64(at + 24).u64(at + 24 + inside.length);
    const table = header
      .raw(Buffer.alloc(24))
      .raw(inside)
      .raw(Buffer.from('crypto/internal/boring/sig.FIPSOnly\0'))
      .bytes();
    const sections = [{ name: '.gopclntab', address: ADDRESS, bytes: table.length }];
    const segments = [{ flags: 'r', address: ADDRESS, bytes: table }] as const;
    expect(await namesOf({ segments, sections })).toEqual({ ...NONE, boringCrypto: true });
  });

  it('stand anywhere in the table of older Go', async () => {
    const table = Buffer.concat([
      Buffer.from('fbffffff00000108', 'hex'),
      Buffer.alloc(90_000),
      Buffer.from('crypto/internal/boring/sig.FIPSOnly\0'),
    ]);
    const sections = [{ name: '.gopclntab', address: ADDRESS, bytes: table.length }];
    const segments = [{ flags: 'r', address: ADDRESS, bytes: table }] as const;
    expect(await namesOf({ segments, sections })).toEqual({ ...NONE, fipsOnly: true });
  });
});

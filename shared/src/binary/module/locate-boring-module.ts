import type { ProgramImage } from '../elf/program-image.js';
import type { HmacAlgorithm } from './known-boring-modules.js';
import {
  type AddressRange,
  compareStoredHash,
  hashBehind,
  moduleHashes,
  moduleHashesUpTo,
} from './module-integrity.js';
import type { CodeScan } from './scan-code.js';
import { selfReferences } from './self-references.js';

/**
 * A BoringCrypto module in a program. `found`: its bytes give the value it keeps, so nothing damaged them; who wrote both
 * is another question. `by`: symbols, the known hash of a build, or its self-test's own references.
 */
export type LocatedModule =
  | {
      readonly state: 'found';
      readonly by: 'symbols' | 'known-hash' | 'self-test';
      readonly address: number;
      /** Of the hashed text. */
      readonly length: number;
      readonly hmac: HmacAlgorithm;
      /** Hex. */
      readonly hash: string;
    }
  | {
      readonly state: 'corrupt';
      readonly by: 'symbols' | 'known-hash';
      readonly address: number;
      readonly length: number;
      readonly reason: string;
    }
  | { readonly state: 'not-found' }
  /** There may be one: what was done does not tell. */
  | { readonly state: 'undetermined'; readonly reason: string };

export const MODULE_SYMBOLS: readonly string[] = [
  'BORINGSSL_bcm_text_start',
  'BORINGSSL_bcm_text_end',
  'BORINGSSL_bcm_text_hash',
  'BORINGSSL_bcm_rodata_start',
  'BORINGSSL_bcm_rodata_end',
];

/** Longer than any; what symbols say is what anyone wrote. */
const MAX_MODULE_BYTES = 16 * 1024 * 1024;
/** For all that the self-test's references may mean, together. */
const MAX_HASHED_BYTES = 512 * 1024 * 1024;

export interface LocatorEvidence {
  readonly symbols: ReadonlyMap<string, readonly number[]>;
  readonly scan: CodeScan;
}

export async function locateBoringModule(image: ProgramImage, evidence: LocatorEvidence): Promise<LocatedModule> {
  const bySymbols = await locateBySymbols(image, evidence.symbols);
  if (bySymbols !== undefined) return bySymbols;
  const byHash = await locateByKnownHash(image, evidence.scan);
  if (byHash?.state === 'found') return byHash;
  const bySelfTest = await locateBySelfTest(image);
  return bySelfTest.state === 'found' ? bySelfTest : (byHash ?? bySelfTest);
}

async function locateBySymbols(
  { memory }: ProgramImage,
  symbols: LocatorEvidence['symbols'],
): Promise<LocatedModule | undefined> {
  const [start, end, hash, rodataStart, rodataEnd] = MODULE_SYMBOLS.map((name) => symbols.get(name)?.[0]);
  if (start === undefined || end === undefined || hash === undefined) return undefined;
  const at = { by: 'symbols', address: start, length: end - start } as const;
  const text = { start, end };
  if (!isPlausible(text)) return { state: 'corrupt', ...at, reason: 'its symbols name no true range' };
  const layouts: (AddressRange | undefined)[] = [undefined];
  if (rodataStart !== undefined && rodataEnd !== undefined) {
    const rodata = { start: rodataStart, end: rodataEnd };
    if (isPlausible(rodata)) layouts.push(rodata);
  }
  for (const rodata of layouts) {
    const hashes = await moduleHashes(memory, text, rodata);
    if (hashes === undefined) return { state: 'corrupt', ...at, reason: 'its bytes are not all there' };
    const stored = await compareStoredHash(memory, hash, hashes);
    if (stored === 'placeholder') return { state: 'corrupt', ...at, reason: 'its hash was never put in' };
    if (stored !== 'other') return { state: 'found', ...at, hmac: stored, hash: hashes[stored].toString('hex') };
  }
  return { state: 'corrupt', ...at, reason: 'its bytes do not give the hash it keeps' };
}

function isPlausible({ start, end }: AddressRange): boolean {
  return end > start && end - start <= MAX_MODULE_BYTES;
}

async function locateByKnownHash({ memory }: ProgramImage, scan: CodeScan): Promise<LocatedModule | undefined> {
  let corrupt: LocatedModule | undefined;
  for (const { module, address: hashAddress } of scan.knownHashes) {
    const end = hashAddress - module.hashOffset;
    const at = { by: 'known-hash', address: end - module.length, length: module.length } as const;
    const hashes = await moduleHashes(memory, { start: at.address, end });
    const stored = hashes === undefined ? 'other' : await compareStoredHash(memory, hashAddress, hashes);
    if (hashes !== undefined && stored === module.hmac) {
      return { state: 'found', ...at, hmac: module.hmac, hash: hashes[module.hmac].toString('hex') };
    }
    corrupt ??= { state: 'corrupt', ...at, reason: 'it keeps the hash of a known build and has other bytes' };
  }
  return corrupt;
}

async function locateBySelfTest(image: ProgramImage): Promise<LocatedModule> {
  if (image.elf.header.machine !== 'amd64') {
    return { state: 'undetermined', reason: 'without symbols a module is found in amd64 programs only' };
  }
  const references = await selfReferences(image);
  if (references.state === 'too-many') return { state: 'undetermined', reason: 'too many places look like a module' };
  const ends = new Map<number, number[]>();
  for (const { start, end } of references.ranges) ends.set(start, [...(ends.get(start) ?? []), end]);
  const bytes = [...ends].reduce((sum, [start, all]) => sum + Math.max(...all) - start, 0);
  if (bytes > MAX_HASHED_BYTES) return { state: 'undetermined', reason: 'too many places look like a module' };
  for (const [from, all] of ends) {
    for await (const { range, hashes } of moduleHashesUpTo(image.memory, from, all)) {
      const hmac = await hashBehind(image.memory, range.end, hashes);
      if (hmac === undefined) continue;
      const length = range.end - range.start;
      return { state: 'found', by: 'self-test', address: from, length, hmac, hash: hashes[hmac].toString('hex') };
    }
  }
  return { state: 'not-found' };
}

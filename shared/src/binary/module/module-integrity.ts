import { type ByteSource, readUpTo } from '../elf/byte-source.js';
import { scanWindows } from '../elf/scan-windows.js';
import type { HmacAlgorithm } from './known-boring-modules.js';
import { type ModuleHashes, ModuleMac } from './module-mac.js';

/** From `start` up to `end`, by address. */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Over the text of a static module; in a shared library over the length and the bytes of text and of read-only data
 * (FIPS.md, "Integrity Test"). Undefined if the bytes are not all there.
 */
export async function moduleHashes(
  memory: ByteSource,
  text: AddressRange,
  rodata?: AddressRange,
): Promise<ModuleHashes | undefined> {
  const mac = new ModuleMac();
  for (const range of rodata === undefined ? [text] : [text, rodata]) {
    const length = range.end - range.start;
    if (rodata !== undefined) mac.update(littleEndian64(length));
    let hashed = 0;
    await scanWindows(memory, { ...range, overlap: 0 }, (window) => {
      mac.update(window);
      hashed += window.length;
    });
    if (hashed !== length) return undefined;
  }
  return mac.hashes();
}

/** The hashes of static modules that begin at one place and end at one of several, in one reading. */
export async function* moduleHashesUpTo(
  memory: ByteSource,
  start: number,
  ends: readonly number[],
): AsyncIterable<{ readonly range: AddressRange; readonly hashes: ModuleHashes }> {
  const mac = new ModuleMac();
  let at = start;
  for (const end of [...ends].sort((a, b) => a - b)) {
    await scanWindows(memory, { start: at, end, overlap: 0 }, (window) => {
      mac.update(window);
      at += window.length;
    });
    if (at !== end) return;
    yield { range: { start, end }, hashes: mac.hashes() };
  }
}

/** What stands there before a build tool puts in the real value (inject_hash.go). */
const PLACEHOLDER = Buffer.from('ae2cea2abda6f3ec977f9bf6949afc836827cba0a09f6b6fde52cde2cdff3180', 'hex');

const ALGORITHMS: readonly HmacAlgorithm[] = ['sha512', 'sha256'];

/** The value stored at `address`: in which form it is right, or that it never was computed, or that it is another. */
export async function compareStoredHash(
  memory: ByteSource,
  address: number,
  hashes: ModuleHashes,
): Promise<HmacAlgorithm | 'placeholder' | 'other'> {
  const stored = await readUpTo(memory, address, 64);
  if (stored.subarray(0, PLACEHOLDER.length).equals(PLACEHOLDER)) return 'placeholder';
  return ALGORITHMS.find((name) => stored.subarray(0, hashes[name].length).equals(hashes[name])) ?? 'other';
}

/** How far behind the text the value is looked for: known builds keep it within 1.5 KB. */
const MAX_HASH_DISTANCE = 64 * 1024;

/** The form in which the value stands somewhere behind the module, if it does. */
export async function hashBehind(
  memory: ByteSource,
  end: number,
  hashes: ModuleHashes,
): Promise<HmacAlgorithm | undefined> {
  const behind = await readUpTo(memory, end, MAX_HASH_DISTANCE);
  return ALGORITHMS.find((name) => behind.includes(hashes[name]));
}

function littleEndian64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

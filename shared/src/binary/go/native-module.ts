import { createHmac, timingSafeEqual } from 'node:crypto';
import { readExactly, readUpTo } from '../elf/byte-source.js';
import { sectionNamed } from '../elf/elf-file.js';
import { MalformedBinary } from '../elf/malformed-binary.js';
import { loadedSegments, type ProgramImage } from '../elf/program-image.js';
import { scanWindows } from '../elf/scan-windows.js';

/**
 * Go's own module as every program since Go 1.24 has it, in use or not. The sum is another in each program, because the
 * linker lays the code out anew: it shows damage, never which module this is.
 */
export type NativeModule =
  | { readonly state: 'absent' }
  | { readonly state: 'consistent' | 'corrupt'; readonly address: number; readonly bytes: number; readonly sum: string }
  | { readonly state: 'malformed'; readonly reason: string };

const MAGIC = Buffer.from('\xff Go fipsinfo \xff\0', 'latin1');
const SUM_BYTES = 32;
const SELF_AT = MAGIC.length + SUM_BYTES;
const RANGES = 4;
const ALIGNMENT = 8;
/** The module has about 1 MB. */
const MAX_RANGE_BYTES = 16 * 1024 * 1024;
const MAX_CANDIDATES = 16;
const CHUNK_BYTES = 256 * 1024;

/** golang/go src/crypto/internal/fips140/check: HMAC-SHA256 with a key of zeros over text, rodata, noptrdata and data. */
export async function readNativeModule(image: ProgramImage): Promise<NativeModule> {
  let malformed: NativeModule | undefined;
  for (const address of await candidates(image)) {
    try {
      const module = await checkAt(image, address);
      if (module !== undefined) return module;
    } catch (error) {
      if (!(error instanceof MalformedBinary)) throw error;
      malformed ??= { state: 'malformed', reason: error.message };
    }
  }
  return malformed ?? { state: 'absent' };
}

async function candidates(image: ProgramImage): Promise<number[]> {
  const section = sectionNamed(image.elf, '.go.fipsinfo');
  if (section !== undefined) {
    const head = await readUpTo(image.memory, section.address, MAGIC.length);
    if (head.equals(MAGIC)) return [section.address];
  }
  const found: number[] = [];
  for (const { address, fileBytes } of loadedSegments(image, { executable: false, writable: true })) {
    const range = { start: address, end: address + fileBytes, overlap: MAGIC.length - 1 };
    await scanWindows(image.memory, range, (window, position) => {
      for (let at = window.indexOf(MAGIC); at !== -1; at = window.indexOf(MAGIC, at + 1)) {
        if ((position + at) % ALIGNMENT === 0 && !found.includes(position + at)) found.push(position + at);
        if (found.length >= MAX_CANDIDATES) return false;
      }
      return true;
    });
  }
  return found;
}

/** Undefined if it does not point at itself: then it is a text that looks like it. */
async function checkAt(image: ProgramImage, address: number): Promise<NativeModule | undefined> {
  const sum = await readExactly(image.memory, address + MAGIC.length, SUM_BYTES);
  const [self, ...bounds] = await image.pointers(address + SELF_AT, 1 + 2 * RANGES);
  if (self !== address) return undefined;
  const hmac = createHmac('sha256', Buffer.alloc(SUM_BYTES)).update('go fips object v1\n');
  let bytes = 0;
  for (let i = 0; i < RANGES; i++) {
    const [start = 0, end = 0] = bounds.slice(2 * i);
    if (end < start || end - start > MAX_RANGE_BYTES)
      throw new MalformedBinary('a part of the module has no true length');
    hmac.update(bigEndian64(end - start));
    for (let at = start; at < end; at += CHUNK_BYTES) {
      hmac.update(await readExactly(image.memory, at, Math.min(CHUNK_BYTES, end - at)));
    }
    bytes += end - start;
  }
  const state = timingSafeEqual(hmac.digest(), sum) ? 'consistent' : 'corrupt';
  return { state, address, bytes, sum: sum.toString('hex') };
}

function bigEndian64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

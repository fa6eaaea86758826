import { loadedSegments, type ProgramImage } from '../elf/program-image.js';
import { scanWindows } from '../elf/scan-windows.js';
import { type AddressLoad, addressLoads, LOAD_BYTES } from './address-loads.js';
import type { AddressRange } from './module-integrity.js';

/**
 * Where a module that tests itself may lie: BoringCrypto's self-test is part of what it tests, and loads the module's start
 * and end one after the other, from a place between them. Other code can look so too; the bytes decide.
 */
export type SelfReferences =
  | { readonly state: 'complete'; readonly ranges: readonly AddressRange[] }
  /** Code made to cost time, or of a kind not seen yet. */
  | { readonly state: 'too-many' };

const MIN_MODULE_BYTES = 256 * 1024;
const MAX_MODULE_BYTES = 4 * 1024 * 1024;
const MODULE_ALIGNMENT = 16;
/** How far apart the two loads are at most. */
const NEARNESS = 96;
/** Go programs have up to 130, the worst Rust program tried 450. */
const MAX_RANGES = 1024;

export async function selfReferences(image: ProgramImage): Promise<SelfReferences> {
  const ranges = new Map<string, AddressRange>();
  for (const segment of loadedSegments(image, { executable: true })) {
    const code = { start: segment.address, end: segment.address + segment.fileBytes, overlap: LOAD_BYTES - 1 };
    const near: AddressLoad[] = [];
    await scanWindows(image.memory, code, (window, position, own) => {
      // a place inside a module is no farther from either end than the module is long
      for (const load of addressLoads(window, position, own, MAX_MODULE_BYTES)) {
        if (load.to < code.start || load.to > code.end) continue;
        while (near[0] !== undefined && load.from - near[0].from >= NEARNESS) near.shift();
        for (const other of near) {
          const range = between(other, load);
          if (range !== undefined) ranges.set(`${String(range.start)}-${String(range.end)}`, range);
        }
        near.push(load);
        if (ranges.size > MAX_RANGES) return false;
      }
      return true;
    });
    if (ranges.size > MAX_RANGES) return { state: 'too-many' };
  }
  return { state: 'complete', ranges: [...ranges.values()] };
}

/** The range that two loads name, if it could be the module that they are part of. */
function between(first: AddressLoad, second: AddressLoad): AddressRange | undefined {
  const start = Math.min(first.to, second.to);
  const end = Math.max(first.to, second.to);
  const length = end - start;
  if (length < MIN_MODULE_BYTES || length > MAX_MODULE_BYTES || start % MODULE_ALIGNMENT !== 0) return undefined;
  return first.from >= start && second.from < end ? { start, end } : undefined;
}

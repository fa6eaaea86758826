import { readSync } from 'node:fs';
import type { ExecutableMapping } from '@sealwatch/shared/proc/executable-mappings.js';
import { EndedMeanwhile } from './meanwhile.js';
import { pageBytes } from './page-bytes.js';

export interface ComparingOptions {
  /** Waits between two slices; a budgeted caller sleeps here. Default: one turn of the event loop. */
  readonly pause?: () => Promise<void>;
  /** Told about every read, of memory and of the file, for the agent's own accounting. */
  readonly onBytes?: (bytes: number) => void;
}

/** Where memory and file differ. */
export interface Difference {
  readonly pages: number;
  /** In the file, of the first byte that differs. */
  readonly firstOffset: bigint;
}

/** Small enough for the processor's own cache and to be kept between scans, large enough that the calls cost nothing. */
const READ_BYTES = 64 * 1024;
const READS_A_SLICE = 16;
/** Differences are counted by the smallest page there is. */
const PAGE = 4096;

/** Shared by all calls: two reads and their comparison are one synchronous step, so two calls never mix their bytes. */
const inMemory = Buffer.allocUnsafeSlow(READ_BYTES);
const inFile = Buffer.allocUnsafeSlow(READ_BYTES);

/**
 * Compares one mapping, byte for byte, with the file behind it; the rest of the file's last page has to be zero, as
 * the kernel made it. Pages wholly behind the file's end have no memory.
 * @param memory `/proc/PID/mem`, open
 * @param file the mapped file, open
 * @returns null if all is equal
 * @throws EndedMeanwhile if the memory is nobody's any more; else what `read` throws
 */
export async function compareText(
  memory: number,
  file: { readonly fd: number; readonly size: bigint },
  mapping: Pick<ExecutableMapping, 'start' | 'end' | 'offset'>,
  options: ComparingOptions = {},
): Promise<Difference | null> {
  const { pause = nextTurn, onBytes } = options;
  const length = backedLength(mapping, file.size);
  let pages = 0;
  let firstOffset: bigint | undefined;
  let reads = 0;
  for (let at = 0n; at < length; at += BigInt(READ_BYTES)) {
    const left = length - at;
    const wanted = left < READ_BYTES ? Number(left) : READ_BYTES;
    const offset = mapping.offset + at;
    readFully(memory, inMemory, wanted, mapping.start + at);
    const fromFile = readWhatIsThere(file.fd, inFile, wanted, offset);
    inFile.fill(0, fromFile, wanted);
    onBytes?.(wanted + fromFile);
    if (inMemory.compare(inFile, 0, wanted, 0, wanted) !== 0) {
      for (let page = 0; page < wanted; page += PAGE) {
        const end = Math.min(page + PAGE, wanted);
        if (inMemory.compare(inFile, page, end, page, end) === 0) continue;
        pages++;
        firstOffset ??= offset + BigInt(firstDifference(page));
      }
    }
    if (++reads % READS_A_SLICE === 0) await pause();
  }
  return firstOffset === undefined ? null : { pages, firstOffset };
}

/** Bytes of the mapping that have memory: to the end of the page in which the file ends. */
function backedLength(
  { start, end, offset }: Pick<ExecutableMapping, 'start' | 'end' | 'offset'>,
  size: bigint,
): bigint {
  const mapped = end - start;
  if (offset >= size) return 0n;
  const page = BigInt(pageBytes());
  const backed = ((size - offset + page - 1n) / page) * page;
  return backed < mapped ? backed : mapped;
}

function readFully(fd: number, into: Buffer, length: number, position: bigint): void {
  for (let at = 0; at < length;) {
    const read = readSync(fd, into, at, length - at, position + BigInt(at));
    if (read === 0) throw new EndedMeanwhile();
    at += read;
  }
}

function readWhatIsThere(fd: number, into: Buffer, length: number, position: bigint): number {
  let at = 0;
  while (at < length) {
    const read = readSync(fd, into, at, length - at, position + BigInt(at));
    if (read === 0) break;
    at += read;
  }
  return at;
}

function firstDifference(from: number): number {
  let at = from;
  while (inMemory[at] === inFile[at]) at++;
  return at;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

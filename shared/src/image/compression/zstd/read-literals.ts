import { CorruptZstd } from './corrupt-zstd.js';
import { type HuffmanTable, readHuffmanTable } from './huffman-table.js';

export interface Literals {
  /** Valid until the next block. */
  readonly bytes: Uint8Array;
  /** For a later block that repeats it. */
  readonly huffman: HuffmanTable | undefined;
  /** Where the sequences begin. */
  readonly next: number;
}

interface Header {
  readonly streams: 1 | 4;
  readonly size: number;
  readonly compressedSize: number;
  readonly next: number;
}

/**
 * The literals section of a compressed block (RFC 8878 §3.1.1.3.1).
 * @param scratch at least as large as a block may become
 * @throws CorruptZstd
 */
export function readLiterals(block: Uint8Array, scratch: Uint8Array, previous: HuffmanTable | undefined): Literals {
  const kind = (block[0] ?? 0) & 3;
  const { streams, size, compressedSize, next } = kind < 2 ? plainHeader(block) : compressedHeader(block);
  if (size > scratch.length) throw new CorruptZstd('a block is too large');
  if (kind === 0) {
    if (next + size > block.length) throw new CorruptZstd('a block ends early');
    return { bytes: block.subarray(next, next + size), huffman: previous, next: next + size };
  }
  const bytes = scratch.subarray(0, size);
  if (kind === 1) {
    if (next >= block.length) throw new CorruptZstd('a block ends early');
    return { bytes: bytes.fill(block[next] ?? 0), huffman: previous, next: next + 1 };
  }
  const end = next + compressedSize;
  if (end > block.length) throw new CorruptZstd('a block ends early');
  const section = block.subarray(0, end);
  const read = kind === 2 ? readHuffmanTable(section, next) : undefined;
  const huffman = read?.table ?? previous;
  if (huffman === undefined) throw new CorruptZstd('a Huffman table is repeated that was never given');
  decodeStreams(section, read?.next ?? next, streams, bytes, huffman);
  return { bytes, huffman, next: end };
}

function plainHeader(block: Uint8Array): Header {
  const [a = 0, b = 0, c = 0] = block;
  const format = (a >> 2) & 3;
  const rest = { streams: 1, compressedSize: 0 } as const;
  if (format === 1) return { ...rest, size: (a >> 4) | (b << 4), next: 2 };
  if (format === 3) return { ...rest, size: (a >> 4) | (b << 4) | (c << 12), next: 3 };
  return { ...rest, size: a >> 3, next: 1 };
}

function compressedHeader(block: Uint8Array): Header {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = block;
  const format = (a >> 2) & 3;
  const streams = format === 0 ? 1 : 4;
  const low = (a | (b << 8) | (c << 16) | (d << 24)) >>> 4;
  if (format < 2) return { streams, size: low & 0x3ff, compressedSize: (low >> 10) & 0x3ff, next: 3 };
  if (format === 2) return { streams, size: low & 0x3fff, compressedSize: (low >> 14) & 0x3fff, next: 4 };
  return { streams, size: low & 0x3ffff, compressedSize: ((low >> 18) & 0x3ff) | (e << 10), next: 5 };
}

function decodeStreams(bytes: Uint8Array, from: number, streams: 1 | 4, into: Uint8Array, huffman: HuffmanTable): void {
  if (streams === 1) {
    decodeStream(bytes, from, bytes.length, into, 0, into.length, huffman);
    return;
  }
  const each = (into.length + 3) >> 2;
  let start = from + 6;
  for (let i = 0; i < 4; i++) {
    const jump = (bytes[from + 2 * i] ?? 0) | ((bytes[from + 2 * i + 1] ?? 0) << 8);
    const end = i === 3 ? bytes.length : start + jump;
    if (end > bytes.length) throw new CorruptZstd('a literals stream ends early');
    decodeStream(
      bytes,
      start,
      end,
      into,
      Math.min(each * i, into.length),
      i === 3 ? into.length : Math.min(each * (i + 1), into.length),
      huffman,
    );
    start = end;
  }
}

/** An inner loop: four bytes are read for two symbols, and bits from before the stream change no valid code. */
function decodeStream(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  first: number,
  behind: number,
  { maxBits, cells }: HuffmanTable,
): void {
  const last = end > start ? (bytes[end - 1] ?? 0) : 0;
  if (last === 0) throw new CorruptZstd('a literals stream has no end mark');
  const mask = (1 << maxBits) - 1;
  const origin = start * 8;
  let left = end * 8 - (Math.clz32(last) - 24) - 1;
  let at = first;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // as long as four whole bytes lie before the reading position there is no bound to ask for
  const safe = origin + 32;
  while (at + 1 < behind && left >= safe) {
    const byte = (left - 25) >> 3;
    const word = view.getInt32(byte, true);
    // 25 bits at least: enough for two codes of 11
    const rest = left - byte * 8 - maxBits;
    const one = cells[(word >>> rest) & mask] ?? 0;
    const two = cells[(word >>> (rest - (one >> 8))) & mask] ?? 0;
    into[at] = one;
    into[at + 1] = two;
    at += 2;
    left -= (one >> 8) + (two >> 8);
  }
  while (at < behind) {
    const bit = left - maxBits;
    const state = bit >= origin ? window(bytes, bit) & mask : (window(bytes, origin) << (origin - bit)) & mask;
    const cell = cells[state] ?? 0;
    into[at++] = cell;
    left -= cell >> 8;
    if (left < origin) break;
  }
  if (left !== origin || at !== behind) throw new CorruptZstd('a literals stream has another length');
}

function window(bytes: Uint8Array, bit: number): number {
  const byte = bit >> 3;
  return ((bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16)) >> (bit & 7);
}

import { CorruptZstd } from './corrupt-zstd.js';
import type { HuffmanTable } from './huffman-table.js';
import { readLiterals } from './read-literals.js';
import { type RepeatOffsets, runSequences, sequenceScratch } from './run-sequences.js';
import { readSequenceTables, type SequenceTables } from './sequence-tables.js';

/** "Block_Maximum_Size" (RFC 8878 §3.1.1.2.4). */
const MAX_BLOCK = 128 * 1024;
/** Room behind the window, so that history moves once per so many bytes and not once per block. */
const MAX_SLACK = 8 * 1024 * 1024;

/** What one frame has given so far, as far back as its window, and the tables a later block may repeat. */
export class FrameOutput {
  readonly maxBlock: number;
  readonly #windowSize: number;
  #buffer: Uint8Array;
  #end = 0;
  #total = 0;
  #huffman: HuffmanTable | undefined;
  #tables: SequenceTables | undefined;
  readonly #repeats: RepeatOffsets = [1, 4, 8];
  readonly #literals: Uint8Array;
  readonly #scratch: Uint8Array;

  /** @param reused the buffer of a frame that is done */
  constructor(windowSize: number, reused: Uint8Array) {
    this.#windowSize = windowSize;
    this.maxBlock = Math.min(windowSize, MAX_BLOCK);
    this.#buffer = reused;
    this.#literals = new Uint8Array(this.maxBlock);
    this.#scratch = sequenceScratch(this.maxBlock);
  }

  get buffer(): Uint8Array {
    return this.#buffer;
  }

  /** Bytes given by this frame. */
  get total(): number {
    return this.#total;
  }

  raw(body: Uint8Array): Uint8Array {
    this.#reserve(body.length);
    this.#buffer.set(body, this.#end);
    return this.#advance(this.#end + body.length);
  }

  repeated(body: Uint8Array, count: number): Uint8Array {
    this.#reserve(count);
    this.#buffer.fill(body[0] ?? 0, this.#end, this.#end + count);
    return this.#advance(this.#end + count);
  }

  /** @throws CorruptZstd */
  compressed(body: Uint8Array): Uint8Array {
    this.#reserve(this.maxBlock);
    const literals = readLiterals(body, this.#literals, this.#huffman);
    this.#huffman = literals.huffman;
    const { count, next } = sequenceCount(body, literals.next);
    if (count === 0) {
      if (next !== body.length) throw new CorruptZstd('a block has another length');
      this.#buffer.set(literals.bytes, this.#end);
      return this.#advance(this.#end + literals.bytes.length);
    }
    const read = readSequenceTables(body, next, this.#tables);
    this.#tables = read.tables;
    const output = {
      bytes: this.#buffer,
      origin: 0,
      start: this.#end,
      limit: this.#end + this.maxBlock,
      scratch: this.#scratch,
    };
    const stream = body.subarray(read.next);
    return this.#advance(runSequences(count, stream, read.tables, literals.bytes, this.#repeats, output));
  }

  #advance(end: number): Uint8Array {
    const piece = this.#buffer.subarray(this.#end, end);
    this.#total += piece.length;
    this.#end = end;
    return piece;
  }

  /** Room for `bytes` more: the buffer grows up to its full size, then drops what lies before the window. */
  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const full = this.#windowSize + Math.min(this.#windowSize, MAX_SLACK) + MAX_BLOCK;
    if (this.#buffer.length < full) {
      const grown = new Uint8Array(Math.min(full, Math.max(2 * this.#buffer.length, this.#end + bytes)));
      grown.set(this.#buffer.subarray(0, this.#end));
      this.#buffer = grown;
      this.#reserve(bytes);
      return;
    }
    const kept = Math.min(this.#windowSize, this.#end);
    this.#buffer.copyWithin(0, this.#end - kept, this.#end);
    this.#end = kept;
  }
}

/** RFC 8878 §3.1.1.3.2, "Number_of_Sequences". */
function sequenceCount(body: Uint8Array, at: number): { count: number; next: number } {
  const [a, b = 0, c = 0] = body.subarray(at, at + 3);
  if (a === undefined) throw new CorruptZstd('a block ends early');
  if (a < 128) return { count: a, next: at + 1 };
  if (a < 255) return { count: ((a - 128) << 8) + b, next: at + 2 };
  return { count: b + (c << 8) + 0x7f00, next: at + 3 };
}

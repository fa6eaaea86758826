import { BackwardBits } from './backward-bits.js';
import { CorruptZstd } from './corrupt-zstd.js';
import type { SequenceTables } from './sequence-tables.js';

/** Where a block's bytes go: behind what the frame has given so far. */
export interface BlockOutput {
  readonly bytes: Uint8Array;
  /** The first byte a match may reach back to. */
  readonly origin: number;
  /** Where the block begins, and behind where it must end. */
  readonly start: number;
  readonly limit: number;
  /** Of `sequenceScratch`. */
  readonly scratch: Uint8Array;
}

/** The last three offsets, the newest first (RFC 8878 §3.1.1.5). */
export type RepeatOffsets = [number, number, number];

interface LengthCodes {
  readonly bases: Uint32Array;
  readonly bits: Uint8Array;
}

/** Codes that stand for themselves, then ranges that double (RFC 8878 §3.1.1.3.2.1.1). */
function lengthCodes(first: number, direct: number, bits: readonly number[]): LengthCodes {
  const all = [...(Array(direct).fill(0) as number[]), ...bits];
  const bases: number[] = [];
  let base = first;
  for (const count of all) {
    bases.push(base);
    base += 2 ** count;
  }
  return { bases: Uint32Array.from(bases), bits: Uint8Array.from(all) };
}

const LITERAL_LENGTHS = lengthCodes(0, 16, [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const MATCH_LENGTHS = lengthCodes(3, 32, [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
/** More than any window that is accepted. */
const MAX_OFFSET_CODE = 27;
/** Below this a loop beats the engine's own copy. */
const SHORT_COPY = 64;
/** More than one sequence can take from before its stream: what is read there is 0, and noticed behind it. */
const PADDING = 16;

/** Memory for a block's sequences while they are carried out. */
export function sequenceScratch(maxBlock: number): Uint8Array {
  return new Uint8Array(maxBlock + 2 * PADDING);
}

/**
 * Carries out a block's sequences: so many literals, then so many bytes from further back (RFC 8878 §3.1.1.4).
 * @param count sequences, written in `stream`
 * @param repeats changed in place
 * @returns where the block ends
 * @throws CorruptZstd
 */
export function runSequences(
  count: number,
  stream: Uint8Array,
  { literalLengths, offsets, matchLengths }: SequenceTables,
  literals: Uint8Array,
  repeats: RepeatOffsets,
  { bytes: out, origin, start, limit, scratch }: BlockOutput,
): number {
  // this loop is most of the work: no method calls, no bounds to ask for, and four bytes at a time
  const source = padded(stream, scratch);
  const from = viewOf(literals);
  const to = viewOf(out);
  const first = PADDING * 8;
  let left = first + new BackwardBits(stream, 0, stream.length).left;
  let literalState = bitsAt(source, (left -= literalLengths.accuracyLog), literalLengths.accuracyLog);
  let offsetState = bitsAt(source, (left -= offsets.accuracyLog), offsets.accuracyLog);
  let matchState = bitsAt(source, (left -= matchLengths.accuracyLog), matchLengths.accuracyLog);
  let [repeat1, repeat2, repeat3] = repeats;
  let literal = 0;
  let at = start;
  for (let i = 0; i < count; i++) {
    const offsetCell = offsets.cells[offsetState] ?? 0;
    const matchCell = matchLengths.cells[matchState] ?? 0;
    const literalCell = literalLengths.cells[literalState] ?? 0;
    const offsetCode = offsetCell & 0xff;
    const matchCode = matchCell & 0xff;
    const literalCode = literalCell & 0xff;
    if (offsetCode > MAX_OFFSET_CODE) throw new CorruptZstd('an offset is too large');
    const matchBits = MATCH_LENGTHS.bits[matchCode] ?? 0;
    const literalBits = LITERAL_LENGTHS.bits[literalCode] ?? 0;
    const offsetValue = (1 << offsetCode) + longBitsAt(source, (left -= offsetCode), offsetCode);
    const length = (MATCH_LENGTHS.bases[matchCode] ?? 0) + bitsAt(source, (left -= matchBits), matchBits);
    const run = (LITERAL_LENGTHS.bases[literalCode] ?? 0) + bitsAt(source, (left -= literalBits), literalBits);
    if (i < count - 1) {
      const literalStep = (literalCell >> 8) & 0xff;
      literalState = (literalCell >> 16) + bitsAt(source, (left -= literalStep), literalStep);
      const matchStep = (matchCell >> 8) & 0xff;
      matchState = (matchCell >> 16) + bitsAt(source, (left -= matchStep), matchStep);
      const offsetStep = (offsetCell >> 8) & 0xff;
      offsetState = (offsetCell >> 16) + bitsAt(source, (left -= offsetStep), offsetStep);
    }
    if (left < first) throw new CorruptZstd('sequences end early');

    // RFC 8878 §3.1.1.5
    let offset = offsetValue - 3;
    if (offset > 0) {
      repeat3 = repeat2;
      repeat2 = repeat1;
      repeat1 = offset;
    } else {
      const index = run === 0 ? offsetValue : offsetValue - 1;
      offset = index === 0 ? repeat1 : index === 1 ? repeat2 : index === 2 ? repeat3 : repeat1 - 1;
      if (offset === 0) throw new CorruptZstd('an offset is zero');
      if (index > 1) repeat3 = repeat2;
      if (index > 0) repeat2 = repeat1;
      repeat1 = offset;
    }

    const end = at + run + length;
    if (literal + run > literals.length || end > limit) throw new CorruptZstd('a block is too large');
    if (offset > at + run - origin) throw new CorruptZstd('a match reaches back too far');
    if (run > SHORT_COPY) out.set(literals.subarray(literal, literal + run), at);
    else if (literal + run + 3 < literals.length && at + run + 3 < out.length) {
      for (let k = 0; k < run; k += 4) to.setInt32(at + k, from.getInt32(literal + k, true), true);
    } else for (let k = 0; k < run; k++) out[at + k] = literals[literal + k] ?? 0;
    literal += run;
    at += run;
    // a match may overlap what it writes: then its beginning repeats
    if (length > SHORT_COPY && offset >= length) out.copyWithin(at, at - offset, end - offset);
    else if (offset > 3 && end + 3 < out.length) {
      for (let to4 = at; to4 < end; to4 += 4) to.setInt32(to4, to.getInt32(to4 - offset, true), true);
    } else for (let to1 = at; to1 < end; to1++) out[to1] = out[to1 - offset] ?? 0;
    at = end;
  }
  if (left !== first) throw new CorruptZstd('sequences have another length');
  repeats[0] = repeat1;
  repeats[1] = repeat2;
  repeats[2] = repeat3;
  const rest = literals.length - literal;
  if (at + rest > limit) throw new CorruptZstd('a block is too large');
  out.set(literals.subarray(literal), at);
  return at + rest;
}

function padded(stream: Uint8Array, scratch: Uint8Array): DataView {
  scratch.set(stream, PADDING);
  scratch.fill(0, PADDING + stream.length, 2 * PADDING + stream.length);
  return viewOf(scratch);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** At most 25 bits, lowest first. */
function bitsAt(bytes: DataView, bit: number, count: number): number {
  return (bytes.getInt32(bit >> 3, true) >>> (bit & 7)) & ((1 << count) - 1);
}

/** At most 27. */
function longBitsAt(bytes: DataView, bit: number, count: number): number {
  const shift = bit & 7;
  if (count + shift <= 32) return bitsAt(bytes, bit, count);
  const high = bytes.getUint8((bit >> 3) + 4) << (32 - shift);
  return ((bytes.getInt32(bit >> 3, true) >>> shift) | high) & ((1 << count) - 1);
}

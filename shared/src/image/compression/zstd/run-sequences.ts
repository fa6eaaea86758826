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

/**
 * Carries out a block's sequences: so many literals, then so many bytes from further back (RFC 8878 §3.1.1.4).
 * @param count sequences, written in `bits`
 * @param repeats changed in place
 * @returns where the block ends
 * @throws CorruptZstd
 */
export function runSequences(
  count: number,
  bits: { readonly bytes: Uint8Array; readonly start: number; readonly end: number },
  { literalLengths, offsets, matchLengths }: SequenceTables,
  literals: Uint8Array,
  repeats: RepeatOffsets,
  { bytes: out, origin, start, limit }: BlockOutput,
): number {
  const source = bits.bytes;
  const first = bits.start * 8;
  // one counter instead of a reader's method calls: this loop is most of the work
  let left = first + new BackwardBits(source, bits.start, bits.end).left;
  let literalState = bitsAt(source, (left -= literalLengths.accuracyLog), literalLengths.accuracyLog);
  let offsetState = bitsAt(source, (left -= offsets.accuracyLog), offsets.accuracyLog);
  let matchState = bitsAt(source, (left -= matchLengths.accuracyLog), matchLengths.accuracyLog);
  let literal = 0;
  let at = start;
  for (let i = 0; i < count; i++) {
    const offsetCode = offsets.symbols[offsetState] ?? 0;
    const matchCode = matchLengths.symbols[matchState] ?? 0;
    const literalCode = literalLengths.symbols[literalState] ?? 0;
    if (offsetCode > MAX_OFFSET_CODE) throw new CorruptZstd('an offset is too large');
    const matchBits = MATCH_LENGTHS.bits[matchCode] ?? 0;
    const literalBits = LITERAL_LENGTHS.bits[literalCode] ?? 0;
    const offsetValue = (1 << offsetCode) + bitsAt(source, (left -= offsetCode), offsetCode);
    const length = (MATCH_LENGTHS.bases[matchCode] ?? 0) + bitsAt(source, (left -= matchBits), matchBits);
    const run = (LITERAL_LENGTHS.bases[literalCode] ?? 0) + bitsAt(source, (left -= literalBits), literalBits);
    if (i < count - 1) {
      const literalStep = literalLengths.bits[literalState] ?? 0;
      literalState = (literalLengths.bases[literalState] ?? 0) + bitsAt(source, (left -= literalStep), literalStep);
      const matchStep = matchLengths.bits[matchState] ?? 0;
      matchState = (matchLengths.bases[matchState] ?? 0) + bitsAt(source, (left -= matchStep), matchStep);
      const offsetStep = offsets.bits[offsetState] ?? 0;
      offsetState = (offsets.bases[offsetState] ?? 0) + bitsAt(source, (left -= offsetStep), offsetStep);
    }
    if (left < first) throw new CorruptZstd('sequences end early');
    const offset = takeOffset(offsetValue, run, repeats);
    if (literal + run > literals.length || at + run + length > limit) throw new CorruptZstd('a block is too large');
    copyLiterals(literals, literal, run, out, at);
    literal += run;
    at += run;
    if (offset > at - origin) throw new CorruptZstd('a match reaches back too far');
    copyMatch(out, at, offset, length);
    at += length;
  }
  if (left !== first) throw new CorruptZstd('sequences have another length');
  const rest = literals.length - literal;
  if (at + rest > limit) throw new CorruptZstd('a block is too large');
  copyLiterals(literals, literal, rest, out, at);
  return at + rest;
}

/** At most 27 bits, lowest first; what lies outside the array reads as 0, what lies before the stream is noticed later. */
function bitsAt(bytes: Uint8Array, bit: number, count: number): number {
  const byte = bit >> 3;
  const low = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16);
  const word = low | ((bytes[byte + 3] ?? 0) << 24);
  const shift = bit & 7;
  const value = count + shift > 32 ? (word >>> shift) | ((bytes[byte + 4] ?? 0) << (32 - shift)) : word >>> shift;
  return value & ((1 << count) - 1);
}

function takeOffset(value: number, literals: number, repeats: RepeatOffsets): number {
  const [first, second, third] = repeats;
  if (value > 3) {
    repeats[2] = second;
    repeats[1] = first;
    return (repeats[0] = value - 3);
  }
  const index = literals === 0 ? value : value - 1;
  if (index === 0) return first;
  const offset = index === 1 ? second : index === 2 ? third : first - 1;
  if (offset === 0) throw new CorruptZstd('an offset is zero');
  if (index > 1) repeats[2] = second;
  repeats[1] = first;
  return (repeats[0] = offset);
}

function copyLiterals(from: Uint8Array, first: number, count: number, to: Uint8Array, at: number): void {
  if (count > SHORT_COPY) {
    to.set(from.subarray(first, first + count), at);
    return;
  }
  for (let i = 0; i < count; i++) to[at + i] = from[first + i] ?? 0;
}

/** A match may overlap what it writes: then its beginning repeats. */
function copyMatch(bytes: Uint8Array, at: number, offset: number, length: number): void {
  if (length > SHORT_COPY && offset >= length) {
    bytes.copyWithin(at, at - offset, at - offset + length);
    return;
  }
  for (let i = 0; i < length; i++) bytes[at + i] = bytes[at - offset + i] ?? 0;
}

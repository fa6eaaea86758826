import { CorruptZstd } from './corrupt-zstd.js';
import { ForwardBits } from './forward-bits.js';

/** A finite state entropy decoder (RFC 8878 §4.1). */
export interface FseTable {
  readonly accuracyLog: number;
  /** Per state its symbol (8 bits), how many bits the next state takes (8 bits), and what they are added to. */
  readonly cells: Uint32Array;
}

export interface FseLimits {
  readonly maxAccuracyLog: number;
  readonly maxSymbol: number;
}

/** Reads a table description (RFC 8878 §4.1.1). @throws CorruptZstd */
export function readFseTable(
  bytes: Uint8Array,
  from: number,
  { maxAccuracyLog, maxSymbol }: FseLimits,
): { table: FseTable; next: number } {
  const input = new ForwardBits(bytes, from);
  const accuracyLog = input.take(4) + 5;
  if (accuracyLog > maxAccuracyLog) throw new CorruptZstd('a table is too precise');
  const probabilities: number[] = [];
  let remaining = 1 << accuracyLog;
  while (remaining > 0) {
    const probability = readProbability(input, remaining);
    remaining -= Math.abs(probability);
    probabilities.push(probability);
    if (probability === 0) {
      let repeat: number;
      do {
        repeat = input.take(2);
        for (let i = 0; i < repeat; i++) probabilities.push(0);
      } while (repeat === 3 && probabilities.length <= maxSymbol);
    }
    if (probabilities.length > maxSymbol + 1) throw new CorruptZstd('a table has too many symbols');
  }
  if (remaining < 0) throw new CorruptZstd('a table’s probabilities are too many');
  return { table: buildFseTable(probabilities, accuracyLog), next: input.nextByte };
}

/** A value that takes one bit less when it is small; -1 means "less than one". */
function readProbability(input: ForwardBits, remaining: number): number {
  const width = 32 - Math.clz32(remaining + 1);
  const value = input.peek(width);
  const lowMask = (1 << (width - 1)) - 1;
  const threshold = (1 << width) - 1 - (remaining + 1);
  if ((value & lowMask) < threshold) {
    input.take(width - 1);
    return (value & lowMask) - 1;
  }
  input.take(width);
  return (value > lowMask ? value - threshold : value) - 1;
}

/** Spreads the symbols over the states (RFC 8878 §4.1.1, "From normalized distribution to decoding tables"). */
export function buildFseTable(probabilities: readonly number[], accuracyLog: number): FseTable {
  const size = 1 << accuracyLog;
  const symbols = new Uint8Array(size);
  const cells = new Uint32Array(size);
  const next = new Uint16Array(probabilities.length);
  let high = size;
  probabilities.forEach((probability, symbol) => {
    next[symbol] = Math.abs(probability);
    if (probability === -1) symbols[--high] = symbol;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  probabilities.forEach((probability, symbol) => {
    for (let i = 0; i < probability; i++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  });
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state] ?? 0;
    const value = next[symbol] ?? 0;
    next[symbol] = value + 1;
    const width = accuracyLog - (31 - Math.clz32(value));
    cells[state] = symbol | (width << 8) | (((value << width) - size) << 16);
  }
  return { accuracyLog, cells };
}

/** One symbol for ever, at no cost. */
export function constantFseTable(symbol: number): FseTable {
  return { accuracyLog: 0, cells: Uint32Array.of(symbol) };
}

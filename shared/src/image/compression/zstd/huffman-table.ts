import { BackwardBits } from './backward-bits.js';
import { CorruptZstd } from './corrupt-zstd.js';
import { readFseTable } from './fse-table.js';

/** Per value of the next `maxBits` bits: the symbol (8 bits), and how many of the bits are its own (RFC 8878 §4.2). */
export interface HuffmanTable {
  readonly maxBits: number;
  readonly cells: Uint16Array;
}

/** "maximum number of bits" (RFC 8878 §4.2.1). */
const MAX_BITS = 11;
/** 256 symbols, the last one's weight is implied. */
const MAX_WEIGHTS = 255;

/** Reads a tree description (RFC 8878 §4.2.1). @throws CorruptZstd */
export function readHuffmanTable(bytes: Uint8Array, from: number): { table: HuffmanTable; next: number } {
  const header = bytes[from] ?? 0;
  const start = from + 1;
  if (header >= 128) {
    const count = header - 127;
    const next = start + ((count + 1) >> 1);
    if (next > bytes.length) throw new CorruptZstd('a Huffman table ends early');
    const weights = Array.from({ length: count }, (_, i) => {
      const pair = bytes[start + (i >> 1)] ?? 0;
      return i % 2 === 0 ? pair >> 4 : pair & 15;
    });
    return { table: buildHuffmanTable(weights), next };
  }
  const next = start + header;
  if (next > bytes.length) throw new CorruptZstd('a Huffman table ends early');
  return { table: buildHuffmanTable(readWeights(bytes.subarray(start, next))), next };
}

/** Weights written by two interleaved states (RFC 8878 §4.2.1.2). A state that takes no bits would never end: counted. */
function readWeights(bytes: Uint8Array): number[] {
  const { table, next } = readFseTable(bytes, 0, { maxAccuracyLog: 6, maxSymbol: 255 });
  const input = new BackwardBits(bytes, next, bytes.length);
  const states: [number, number] = [input.take(table.accuracyLog), input.take(table.accuracyLog)];
  const weights: number[] = [];
  for (let turn: 0 | 1 = 0; ; turn = turn === 0 ? 1 : 0) {
    const cell = table.cells[states[turn]] ?? 0;
    weights.push(cell & 0xff);
    states[turn] = (cell >> 16) + input.take((cell >> 8) & 0xff);
    if (input.left < 0) {
      weights.push((table.cells[states[turn === 0 ? 1 : 0]] ?? 0) & 0xff);
      break;
    }
    if (weights.length > MAX_WEIGHTS) break;
  }
  if (weights.length > MAX_WEIGHTS) throw new CorruptZstd('a Huffman table has too many weights');
  return weights;
}

function buildHuffmanTable(given: readonly number[]): HuffmanTable {
  let sum = 0;
  for (const weight of given) {
    if (weight > MAX_BITS) throw new CorruptZstd('a Huffman code is too long');
    sum += weight === 0 ? 0 : 1 << (weight - 1);
  }
  const maxBits = 32 - Math.clz32(sum);
  const rest = (1 << maxBits) - sum;
  if (sum === 0 || maxBits > MAX_BITS || (rest & (rest - 1)) !== 0) {
    throw new CorruptZstd('Huffman weights do not add up');
  }
  const weights = [...given, 32 - Math.clz32(rest)];
  const size = 1 << maxBits;
  const cells = new Uint16Array(size);
  let at = 0;
  // the longest codes stand first: weight 1, then 2 …
  for (let weight = 1; weight <= maxBits; weight++) {
    weights.forEach((one, symbol) => {
      if (one !== weight) return;
      const end = at + (1 << (weight - 1));
      cells.fill(symbol | ((maxBits + 1 - weight) << 8), at, end);
      at = end;
    });
  }
  return { maxBits, cells };
}

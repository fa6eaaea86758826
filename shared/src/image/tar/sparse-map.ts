import { corruptTar } from './corrupt-tar.js';
import { BLOCK, readNumber } from './tar-header.js';

/** Stored bytes at their place in the file; between the pieces are zeros. */
export interface SparsePiece {
  readonly offset: number;
  readonly bytes: number;
}

/** Pieces in order, apart, within the file, and all that is stored. @throws CodedError('image.malformed') */
export function checkSparseMap(pieces: readonly SparsePiece[], size: number, stored: number, at: number): void {
  let end = 0;
  let sum = 0;
  for (const { offset, bytes } of pieces) {
    if (offset < end || offset + bytes > size) throw corruptTar('its sparse map is broken', at);
    end = offset + bytes;
    sum += bytes;
  }
  if (sum !== stored) throw corruptTar('its sparse map is broken', at);
}

/**
 * Pieces of the old GNU format: pairs of twelve-byte numbers, ended by an empty one.
 * @param start of the first pair in the block
 */
export function readGnuSparsePieces(block: Buffer, start: number, count: number, at: number): SparsePiece[] {
  const pieces: SparsePiece[] = [];
  for (let i = 0; i < count; i++) {
    const from = start + 24 * i;
    if (block[from] === 0) break;
    pieces.push({ offset: readNumber(block, from, 12, at), bytes: readNumber(block, from + 12, 12, at) });
  }
  return pieces;
}

const MAX_MAP_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Format 1.0: a count, then pairs, each number on its line, padded to whole blocks before the content. */
export class SparseMapText {
  #text = '';
  #lines = 0;

  /** The pieces once the last block of the map is in. @throws CodedError('image.malformed') */
  push(block: Buffer, at: number): SparsePiece[] | undefined {
    if (this.#text.length > MAX_MAP_BYTES) throw corruptTar('its sparse map is too long', at);
    this.#text += block.toString('latin1', 0, BLOCK);
    for (const byte of block) if (byte === NEWLINE) this.#lines++;
    const count = lineNumber(this.#text.slice(0, Math.max(0, this.#text.indexOf('\n'))), at);
    if (this.#lines < 2 * count + 1) return undefined;
    const lines = this.#text.split('\n');
    return Array.from({ length: count }, (_, i) => ({
      offset: lineNumber(lines[1 + 2 * i] ?? '', at),
      bytes: lineNumber(lines[2 + 2 * i] ?? '', at),
    }));
  }
}

function lineNumber(text: string, at: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw corruptTar('its sparse map is broken', at);
  return value;
}

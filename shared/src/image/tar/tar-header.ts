import { corruptTar } from './corrupt-tar.js';

export const BLOCK = 512;
const ZEROS = Buffer.alloc(BLOCK);

/** One header block, as it stands: extensions not applied. Names are `latin1` text. */
export interface TarHeader {
  readonly type: string;
  readonly name: string;
  readonly linkName: string;
  readonly mode: number;
  readonly size: number;
}

/**
 * Reads a header block in the formats Go's archive/tar knows (V7, ustar, star, GNU), because that is what containerd
 * and docker see: where readers differ, ours must see what they will run.
 * @returns undefined for a block of zeros
 * @throws CodedError('image.malformed')
 */
export function readTarHeader(block: Buffer, at: number): TarHeader | undefined {
  if (block.equals(ZEROS)) return undefined;
  if (!checksumHolds(block)) throw corruptTar('its checksum is wrong; is this a tar archive?', at);
  const name = text(block, 0, 100);
  const prefix = prefixOf(block);
  return {
    type: String.fromCharCode(block[156] ?? 0),
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: text(block, 157, 100),
    mode: readNumber(block, 100, 8, at) & 0o7777,
    size: readNumber(block, 124, 12, at),
  };
}

function prefixOf(block: Buffer): string {
  if (block.toString('latin1', 257, 263) !== 'ustar\0') return '';
  const star = block.toString('latin1', 508, 512) === 'tar\0';
  return text(block, 345, star ? 131 : 155);
}

function text(block: Buffer, start: number, length: number): string {
  const field = block.toString('latin1', start, start + length);
  const end = field.indexOf('\0');
  return end === -1 ? field : field.slice(0, end);
}

/** Octal text, or base 256 when the first bit is set. @throws CodedError('image.malformed') also when negative */
export function readNumber(block: Buffer, start: number, length: number, at: number): number {
  const first = block[start] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + (block[start + i] ?? 0);
    if ((first & 0x40) !== 0 || !Number.isSafeInteger(value)) throw corruptTar('a number is out of range', at);
    return value;
  }
  const digits = text(block, start, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw corruptTar('a number is not octal', at);
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

/** The sum of all bytes, the checksum's own as spaces; old tars summed signed bytes. */
function checksumHolds(block: Buffer): boolean {
  const digits = text(block, 148, 8).trim();
  if (!/^[0-7]+$/.test(digits)) return false;
  const expected = Number.parseInt(digits, 8);
  let sum = 8 * 0x20;
  for (let i = 0; i < 148; i++) sum += block[i] ?? 0;
  for (let i = 156; i < BLOCK; i++) sum += block[i] ?? 0;
  return expected === sum || expected === sum - 256 * negatives(block);
}

function negatives(block: Buffer): number {
  return block.filter((byte, i) => byte > 127 && (i < 148 || i >= 156)).length;
}

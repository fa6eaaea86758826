import { MalformedBinary } from './malformed-binary.js';

/** How an ELF file writes its numbers (System V gABI 4.1, "ELF Identification"). */
export interface Encoding {
  readonly bits: 32 | 64;
  readonly bigEndian: boolean;
}

/** Reads numbers out of one structure. @throws MalformedBinary beyond its end */
export class Fields {
  readonly #bytes: Buffer;
  readonly #encoding: Encoding;

  constructor(bytes: Buffer, encoding: Encoding) {
    this.#bytes = bytes;
    this.#encoding = encoding;
  }

  u8(at: number): number {
    this.#require(at, 1);
    return this.#bytes.readUInt8(at);
  }

  u16(at: number): number {
    this.#require(at, 2);
    return this.#encoding.bigEndian ? this.#bytes.readUInt16BE(at) : this.#bytes.readUInt16LE(at);
  }

  u32(at: number): number {
    this.#require(at, 4);
    return this.#encoding.bigEndian ? this.#bytes.readUInt32BE(at) : this.#bytes.readUInt32LE(at);
  }

  /** @throws MalformedBinary above 2^53: no file is that long, and no user's program lies there */
  u64(at: number): number {
    this.#require(at, 8);
    const value = this.#encoding.bigEndian ? this.#bytes.readBigUInt64BE(at) : this.#bytes.readBigUInt64LE(at);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new MalformedBinary('a number is out of range');
    return Number(value);
  }

  /** An address, an offset or a size: four bytes or eight. */
  word(at: number): number {
    return this.#encoding.bits === 64 ? this.u64(at) : this.u32(at);
  }

  #require(at: number, length: number): void {
    if (at < 0 || at + length > this.#bytes.length) throw new MalformedBinary('a structure ends too early');
  }
}

export function wordBytes(encoding: Encoding): 4 | 8 {
  return encoding.bits === 64 ? 8 : 4;
}

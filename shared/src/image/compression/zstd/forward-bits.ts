import { CorruptZstd } from './corrupt-zstd.js';

/** Bits from the first byte on, lowest first: how table descriptions are written (RFC 8878 §4.1.1). */
export class ForwardBits {
  readonly #bytes: Uint8Array;
  #at: number;

  /** @param from the first byte */
  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes;
    this.#at = from * 8;
  }

  /** The next bits without taking them; what lies behind the end is 0. At most 16. */
  peek(count: number): number {
    const byte = this.#at >> 3;
    const [a = 0, b = 0, c = 0] = this.#bytes.subarray(byte, byte + 3);
    return ((a | (b << 8) | (c << 16)) >> (this.#at & 7)) & ((1 << count) - 1);
  }

  take(count: number): number {
    const value = this.peek(count);
    this.#at += count;
    if (this.#at > this.#bytes.length * 8) throw new CorruptZstd('a table ends early');
    return value;
  }

  /** The first byte of which nothing was taken. */
  get nextByte(): number {
    return (this.#at + 7) >> 3;
  }
}

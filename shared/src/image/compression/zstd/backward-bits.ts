import { CorruptZstd } from './corrupt-zstd.js';

/**
 * Bits from the last byte backwards, highest first; the highest set bit of the last byte only marks where they begin
 * (RFC 8878 §4.1). What lies before the first byte reads as 0 and makes `left` negative: the caller asks.
 */
export class BackwardBits {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  /** Bits not yet taken. */
  left: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    const last = end > start ? (bytes[end - 1] ?? 0) : 0;
    if (last === 0) throw new CorruptZstd('a bit stream has no end mark');
    this.#bytes = bytes;
    this.#start = start;
    this.left = (end - start) * 8 - 1 - Math.clz32(last) + 24;
  }

  /** At most 31 bits. */
  take(count: number): number {
    if (count > 16) return this.take(count - 16) * 0x10000 + this.take(16);
    this.left -= count;
    return this.#at(this.left, count);
  }

  /** The next bits without taking them. At most 16. */
  peek(count: number): number {
    return this.#at(this.left - count, count);
  }

  #at(bit: number, count: number): number {
    const mask = (1 << count) - 1;
    if (bit < 0) return bit <= -count ? 0 : (this.#at(0, count + bit) << -bit) & mask;
    const byte = this.#start + (bit >> 3);
    const bytes = this.#bytes;
    return (((bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16)) >> (bit & 7)) & mask;
  }
}

/** What a server sent can't be read as TLS. Never leaves this room: the answer's reader makes a value of it. */
export class MalformedMessage extends Error {}

/** Reads a message of a stranger. Every length is checked against what is really there. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  uint(bytes: 1 | 2 | 3): number {
    return this.take(bytes).readUIntBE(0, bytes);
  }

  /** @throws MalformedMessage if fewer bytes are left */
  take(count: number): Buffer {
    if (count > this.left) throw new MalformedMessage('a message ends too early');
    const taken = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return taken;
  }

  /** A variable-length vector, `lengthBytes` of length before it (RFC 8446 §3.4). */
  vector(lengthBytes: 1 | 2 | 3): Buffer {
    return this.take(this.uint(lengthBytes));
  }
}

import { MalformedMessage } from './byte-reader.js';

export interface TlsRecord {
  readonly type: number;
  readonly fragment: Buffer;
}

export const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22 } as const;

const HEADER_BYTES = 5;
/** 2^14 and what compression or protection may add (RFC 5246 §6.2.3). */
const MAX_FRAGMENT = (1 << 14) + 2048;

/** Cuts a stream into records (RFC 8446 §5.1), however the network cut it. Holds at most one record and one piece. */
export class RecordReader {
  #pending: Buffer = Buffer.alloc(0);

  /** @throws MalformedMessage at the first byte that can't belong to a record */
  *push(piece: Uint8Array): Generator<TlsRecord> {
    this.#pending = this.#pending.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#pending, piece]);
    for (;;) {
      requireRecordStart(this.#pending);
      if (this.#pending.length < HEADER_BYTES) return;
      const length = this.#pending.readUInt16BE(3);
      if (length > MAX_FRAGMENT) throw new MalformedMessage('a record is too long');
      if (this.#pending.length < HEADER_BYTES + length) return;
      const type = this.#pending.readUInt8(0);
      const fragment = this.#pending.subarray(HEADER_BYTES, HEADER_BYTES + length);
      this.#pending = this.#pending.subarray(HEADER_BYTES + length);
      yield { type, fragment };
    }
  }
}

const HTTP = Buffer.from('HTTP/', 'latin1');

/** Known content types and a version of 3.x: nothing else is TLS, and only what may yet turn out HTTP is waited for. */
function requireRecordStart(bytes: Buffer): void {
  const [type, major] = bytes;
  if (type === undefined) return;
  if (HTTP.subarray(0, bytes.length).equals(bytes.subarray(0, HTTP.length))) {
    if (bytes.length < HTTP.length) return;
    throw new MalformedMessage('it speaks HTTP without TLS');
  }
  if (type < RECORD.changeCipherSpec || type > 24 || (major !== undefined && major !== 3)) {
    throw new MalformedMessage('the answer is no TLS record');
  }
}

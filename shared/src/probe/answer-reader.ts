import type { Answer, ReadUntil } from './answer.js';
import { MalformedMessage } from './byte-reader.js';
import { RECORD, RecordReader } from './record-reader.js';
import { type ServerFlight, withMessage } from './server-flight.js';

/** A chain of a few certificates is far shorter; a longer message is no honest answer. */
const MAX_MESSAGE_BYTES = 128 * 1024;

/**
 * Makes an answer of the pieces a server sends: messages over several records, several in one record, one byte at a
 * time (RFC 8446 §5.1). Bounded in memory, and never throws.
 */
export class AnswerReader {
  readonly #until: ReadUntil;
  readonly #records: RecordReader = new RecordReader();
  #handshake: Buffer = Buffer.alloc(0);
  #alert: Buffer = Buffer.alloc(0);
  #flight: ServerFlight | null = null;

  constructor(until: ReadUntil) {
    this.#until = until;
  }

  /** The answer, as soon as it is known. */
  push(piece: Uint8Array): Answer | null {
    try {
      return this.#read(piece);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      return this.unfinished() ?? { kind: 'not-tls', reason: error.message };
    }
  }

  /** What was understood before the connection ended. */
  unfinished(): Answer | null {
    return this.#flight === null ? null : { kind: 'hello', flight: this.#flight };
  }

  #read(piece: Uint8Array): Answer | null {
    for (const { type, fragment } of this.#records.push(piece)) {
      if (type === RECORD.alert) {
        this.#alert = Buffer.concat([this.#alert, fragment]);
        const description = this.#alert[1];
        if (description !== undefined) return this.unfinished() ?? { kind: 'alert', description };
      } else if (type === RECORD.handshake) {
        this.#handshake = this.#handshake.length === 0 ? fragment : Buffer.concat([this.#handshake, fragment]);
        const answer = this.#readMessages();
        if (answer !== null) return answer;
      } else if (this.#flight === null) throw new MalformedMessage('the first record is no handshake');
    }
    return null;
  }

  #readMessages(): Answer | null {
    while (this.#handshake.length >= 4) {
      const length = this.#handshake.readUIntBE(1, 3);
      if (length > MAX_MESSAGE_BYTES) throw new MalformedMessage('a handshake message is too long');
      if (this.#handshake.length < 4 + length) return null;
      const type = this.#handshake.readUInt8(0);
      this.#flight = withMessage(this.#flight, type, this.#handshake.subarray(4, 4 + length));
      this.#handshake = this.#handshake.subarray(4 + length);
      if (this.#flight !== null && this.#isEnough(this.#flight)) return { kind: 'hello', flight: this.#flight };
    }
    return null;
  }

  #isEnough({ done, keyExchange }: ServerFlight): boolean {
    switch (this.#until) {
      case 'hello':
        return true;
      case 'key-exchange':
        return done || keyExchange !== null;
      case 'done':
        return done;
    }
  }
}

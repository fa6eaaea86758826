import type { Envelope, EnvelopeSignature } from '@sealwatch/shared/envelope/envelope.js';
import { CodedError, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { packBytes, unpackBytes } from './packed-bytes.js';

/**
 * An envelope as one value, packed: format, signature count, payload type, signatures, payload. Texts and signatures
 * have a 16-bit length before them. A keyid that is 64 hex digits, as all of ours are, is kept as its 32 bytes.
 */
const FORMAT = 1;
const HEX_KEYID = /^[0-9a-f]{64}$/;
/** Stands where a text's length would; no text is as long. */
const RAW_KEYID = 0xffff;
const RAW_KEYID_BYTES = 32;

export function encodeEnvelope({ payloadType, payload, signatures }: Envelope): Buffer {
  if (signatures.length > 255) throw new CodedError('envelope.malformed', 'an envelope has more than 255 signatures');
  const parts = [Buffer.of(FORMAT, signatures.length), ...measured(Buffer.from(payloadType, 'utf8'))];
  for (const { keyid, sig } of signatures) {
    if (HEX_KEYID.test(keyid)) parts.push(length(RAW_KEYID), Buffer.from(keyid, 'hex'));
    else parts.push(...measured(Buffer.from(keyid, 'utf8')));
    parts.push(...measured(sig));
  }
  return packBytes(Buffer.concat([...parts, payload]));
}

/** Byte for byte what was encoded. @throws CodedError('store.corrupt') */
export function decodeEnvelope(stored: Buffer): Envelope {
  const bytes = unpackBytes(stored);
  try {
    if (bytes[0] !== FORMAT) throw new Error('unknown format');
    const cursor = { bytes, at: 2 };
    const payloadType = take(cursor).toString('utf8');
    const signatures: EnvelopeSignature[] = [];
    for (let i = 0; i < (bytes[1] ?? 0); i++) signatures.push({ keyid: takeKeyid(cursor), sig: take(cursor) });
    return { payloadType, payload: bytes.subarray(cursor.at), signatures };
  } catch (error) {
    throw new CodedError(
      'store.corrupt',
      `a stored envelope is damaged (${reasonOf(error)}); restore the store from its last backup`,
      { cause: error },
    );
  }
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

function take(cursor: Cursor, size: number = takeLength(cursor)): Buffer {
  const end = cursor.at + size;
  if (end > cursor.bytes.length) throw new Error('cut short');
  const taken = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return taken;
}

function takeKeyid(cursor: Cursor): string {
  const size = takeLength(cursor);
  return size === RAW_KEYID ? take(cursor, RAW_KEYID_BYTES).toString('hex') : take(cursor, size).toString('utf8');
}

function takeLength(cursor: Cursor): number {
  const size = cursor.bytes.readUInt16BE(cursor.at);
  cursor.at += 2;
  return size;
}

function measured(bytes: Buffer): [Buffer, Buffer] {
  if (bytes.length >= RAW_KEYID) {
    throw new CodedError('envelope.malformed', 'an envelope has a payload type, key id or signature over 64 KiB');
  }
  return [length(bytes.length), bytes];
}

function length(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

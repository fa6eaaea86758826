import { ByteReader } from './byte-reader.js';
import { VERSION_CODE } from './protocol-version.js';
import { suiteOf } from './cipher-suite.js';

/** With which parameters a server of TLS 1.2 or older exchanges keys, and how it signed them. */
export interface KeyExchange {
  /** ECDHE: the group; null for a curve without a name. */
  readonly group: number | null;
  /** DHE: bits of the prime. */
  readonly primeBits: number | null;
  /** TLS 1.2: the signature scheme; null for anonymous suites and older versions. */
  readonly scheme: number | null;
}

const NAMED_CURVE = 3;

/**
 * RFC 8422 §5.4 (ECDHE), RFC 5246 §7.4.3 (DHE), RFC 4279 §3 and RFC 5489 §2 (with PSK). Null for an exchange that shows
 * neither, such as SRP or plain PSK.
 * @throws MalformedMessage
 */
export function readServerKeyExchange(body: Buffer, suite: number, version: number): KeyExchange | null {
  const keyExchange = suiteOf(suite).keyExchange ?? '';
  const [, family] = /^(ECDHE|ECDH_anon|DHE|DH_anon|PSK_DHE)(?:_|$)/.exec(keyExchange) ?? [];
  if (family === undefined) return null;
  const reader = new ByteReader(body);
  const psk = keyExchange.includes('PSK');
  // the hint as to which identity is meant
  if (psk) reader.vector(2);
  const parameters = family.startsWith('ECDH') ? readCurve(reader) : readPrime(reader);
  const signed = !psk && !keyExchange.endsWith('_anon') && version === VERSION_CODE['TLS 1.2'];
  return { ...parameters, scheme: signed ? reader.uint(2) : null };
}

type Parameters = Omit<KeyExchange, 'scheme'>;

function readCurve(reader: ByteReader): Parameters {
  if (reader.uint(1) !== NAMED_CURVE) {
    // an explicit curve has no fixed length here: whatever follows it stays unread
    reader.take(reader.left);
    return { group: null, primeBits: null };
  }
  const group = reader.uint(2);
  reader.vector(1);
  return { group, primeBits: null };
}

function readPrime(reader: ByteReader): Parameters {
  const prime = reader.vector(2);
  reader.vector(2);
  reader.vector(2);
  return { group: null, primeBits: bits(prime) };
}

function bits(magnitude: Buffer): number {
  const first = magnitude.findIndex((byte) => byte !== 0);
  if (first === -1) return 0;
  return (magnitude.length - first) * 8 - Math.clz32(magnitude[first] ?? 0) + 24;
}

import { ByteReader, MalformedMessage } from './byte-reader.js';
import { EXTENSION } from './client-hello.js';

export interface ServerHello {
  /** As negotiated: what `supported_versions` says, else the field of the message. */
  readonly version: number;
  readonly suite: number;
  readonly compression: number;
  /** A HelloRetryRequest: it names suite and group as well. */
  readonly retry: boolean;
  /** TLS 1.3: the group of the server's key share, or the one it asks for. */
  readonly group: number | null;
  readonly extendedMasterSecret: boolean;
  readonly secureRenegotiation: boolean;
  readonly alpn: string | null;
  /** It says in its random that it could speak a newer version than it was offered (RFC 8446 §4.1.3). */
  readonly couldDoNewer: boolean;
}

/** SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3). */
const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

/** "DOWNGRD", then 1 in TLS 1.2 and 0 before it. */
const DOWNGRADED = Buffer.from('DOWNGRD', 'latin1');

/**
 * RFC 8446 §4.1.3, RFC 5246 §7.4.1.3.
 * @throws MalformedMessage
 */
export function readServerHello(body: Buffer): ServerHello {
  const reader = new ByteReader(body);
  const legacyVersion = reader.uint(2);
  const random = reader.take(32);
  if (reader.vector(1).length > 32) throw new MalformedMessage('a session id is longer than 32 bytes');
  const suite = reader.uint(2);
  const compression = reader.uint(1);
  const extensions = readExtensions(reader);
  if (reader.left > 0) throw new MalformedMessage('a ServerHello has bytes after its end');
  return {
    version: code(extensions.get(EXTENSION.supportedVersions)) ?? legacyVersion,
    suite,
    compression,
    retry: random.equals(RETRY_RANDOM),
    group: code(extensions.get(EXTENSION.keyShare)),
    extendedMasterSecret: extensions.has(EXTENSION.extendedMasterSecret),
    secureRenegotiation: extensions.has(EXTENSION.renegotiationInfo),
    alpn: protocolName(extensions.get(EXTENSION.alpn)),
    couldDoNewer: random.subarray(24, 31).equals(DOWNGRADED) && random.readUInt8(31) <= 1,
  };
}

/** Absent altogether in SSL 3.0 and wherever a server has none. */
function readExtensions(reader: ByteReader): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  if (reader.left === 0) return found;
  const list = new ByteReader(reader.vector(2));
  while (list.left > 0) {
    const type = list.uint(2);
    if (found.has(type)) throw new MalformedMessage('an extension is there twice');
    found.set(type, list.vector(2));
  }
  return found;
}

/** The first 16 bits: a version, or the group of a key share. */
function code(content: Buffer | undefined): number | null {
  return content === undefined ? null : new ByteReader(content).uint(2);
}

/** RFC 7301 §3.1: a list of one name. */
function protocolName(content: Buffer | undefined): string | null {
  if (content === undefined) return null;
  return new ByteReader(new ByteReader(content).vector(2)).vector(1).toString('latin1');
}

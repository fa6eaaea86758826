import { randomBytes } from 'node:crypto';
import { keyShare } from './key-share.js';
import { NAMED_GROUPS } from './named-group.js';
import { type ProtocolVersion, VERSION_CODE } from './protocol-version.js';
import { SIGNATURE_SCHEMES } from './signature-scheme.js';
import { codes, uint, vector } from './tls-encoding.js';

/** What a ClientHello says. Lists are in the order they are offered in. */
export interface Offer {
  readonly version: ProtocolVersion;
  readonly suites: readonly number[];
  readonly serverName?: string | undefined;
  /** Default: all. */
  readonly groups?: readonly number[];
  /** TLS 1.3: for which groups a key share goes along. Default: none, so that the server names its choice (RFC 8446 §4.1.4). */
  readonly shares?: readonly number[];
  /** Default: all. Null: without the extension, which in TLS 1.2 means SHA-1 (RFC 5246 §7.4.1.4.1). */
  readonly signatureSchemes?: readonly number[] | null;
  readonly alpn?: readonly string[];
  /** Offers DEFLATE (RFC 3749) before no compression. */
  readonly compression?: boolean;
}

/** Extension numbers (IANA, TLS ExtensionType Values). */
export const EXTENSION = {
  serverName: 0,
  supportedGroups: 10,
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  extendedMasterSecret: 23,
  supportedVersions: 43,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

/** RFC 5746 §3.3: says in SSL 3.0 what the extension says later. */
const EMPTY_RENEGOTIATION_INFO_SCSV = 0x00ff;

const ALL_GROUPS = NAMED_GROUPS.map(({ id }) => id);
const TLS13_GROUPS = NAMED_GROUPS.filter(({ tls13 }) => tls13).map(({ id }) => id);
const ALL_SCHEMES = SIGNATURE_SCHEMES.map(({ id }) => id);

/** The offer as bytes: one record with one handshake message (RFC 8446 §4.1.2 and §5.1, RFC 5246 §7.4.1.2). */
export function writeClientHello(offer: Offer): Buffer {
  const { version, suites, compression = false } = offer;
  const ssl3 = version === 'SSL 3.0';
  const body = Buffer.concat([
    uint(2, Math.min(VERSION_CODE[version], VERSION_CODE['TLS 1.2'])),
    randomBytes(32),
    vector(1),
    codes(ssl3 ? [...suites, EMPTY_RENEGOTIATION_INFO_SCSV] : suites),
    vector(1, compression ? Buffer.from([1, 0]) : Buffer.from([0])),
    // SSL 3.0 knows no extensions
    ...(ssl3 ? [] : [vector(2, ...extensions(offer))]),
  ]);
  const message = Buffer.concat([uint(1, 1), vector(3, body)]);
  const recordVersion = ssl3 ? VERSION_CODE['SSL 3.0'] : VERSION_CODE['TLS 1.0'];
  return Buffer.concat([uint(1, 22), uint(2, recordVersion), vector(2, message)]);
}

function extensions(offer: Offer): Buffer[] {
  const { version, serverName, alpn, shares = [] } = offer;
  const tls13 = version === 'TLS 1.3';
  const { groups = tls13 ? TLS13_GROUPS : ALL_GROUPS, signatureSchemes = ALL_SCHEMES } = offer;
  const written = [extension(EXTENSION.supportedGroups, codes(groups))];
  if (serverName !== undefined) {
    const name = Buffer.from(serverName, 'utf8');
    written.push(extension(EXTENSION.serverName, vector(2, uint(1, 0), vector(2, name))));
  }
  if (signatureSchemes !== null && (tls13 || version === 'TLS 1.2')) {
    written.push(extension(EXTENSION.signatureAlgorithms, codes(signatureSchemes)));
  }
  if (alpn !== undefined) {
    const names = alpn.map((name) => vector(1, Buffer.from(name, 'latin1')));
    written.push(extension(EXTENSION.alpn, vector(2, ...names)));
  }
  if (tls13) {
    written.push(extension(EXTENSION.supportedVersions, vector(1, uint(2, VERSION_CODE['TLS 1.3']))));
    written.push(extension(EXTENSION.keyShare, vector(2, ...shares.map(shareEntry))));
    return written;
  }
  // uncompressed points only (RFC 8422 §5.1.2)
  written.push(extension(EXTENSION.ecPointFormats, vector(1, uint(1, 0))));
  written.push(extension(EXTENSION.extendedMasterSecret, Buffer.alloc(0)));
  written.push(extension(EXTENSION.renegotiationInfo, vector(1)));
  return written;
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([uint(2, type), vector(2, content)]);
}

function shareEntry(group: number): Buffer {
  const share = keyShare(group);
  return share === null ? Buffer.alloc(0) : Buffer.concat([uint(2, group), vector(2, share)]);
}

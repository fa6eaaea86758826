import { X509Certificate } from 'node:crypto';
import { type Digest, sha256 } from '../hashing/digest.js';
import { type Timestamp, timestamp } from '../runtime/timestamp.js';
import { signatureAlgorithmOf } from './certificate-signature.js';

/** What a server's certificate says of itself. */
export interface CertificateFacts {
  /** Of the DER, and of the SubjectPublicKeyInfo. */
  readonly fingerprint: Digest;
  readonly keyDigest: Digest;
  /** As OpenSSL prints them, one attribute a line. */
  readonly subject: string;
  readonly issuer: string;
  readonly subjectAltName: string | null;
  readonly notBefore: Timestamp | null;
  readonly notAfter: Timestamp | null;
  readonly keyType: string;
  /** RSA, DSA: of the modulus; EC: of the field. Null where the type says it all. */
  readonly keyBits: number | null;
  /** EC: P-256 and the like. */
  readonly curve: string | null;
  /** `sha256WithRSAEncryption`, or the object identifier if it has no name here. */
  readonly signatureAlgorithm: string;
  /** Whether its extended key usage allows a TLS server; true if it has none (RFC 5280 §4.2.1.12). */
  readonly serverAuth: boolean;
}

const CURVES: ReadonlyMap<string, readonly [name: string, bits: number]> = new Map([
  ['prime256v1', ['P-256', 256]],
  ['secp384r1', ['P-384', 384]],
  ['secp521r1', ['P-521', 521]],
  ['secp224r1', ['P-224', 224]],
  ['prime192v1', ['P-192', 192]],
]);

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0';

/** Null if the bytes are no certificate. */
export function certificateFacts(der: Buffer): CertificateFacts | null {
  try {
    return factsOf(new X509Certificate(der), der);
  } catch {
    return null;
  }
}

function factsOf(certificate: X509Certificate, der: Buffer): CertificateFacts {
  const { publicKey, subjectAltName } = certificate;
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  const [curve, curveBits] = CURVES.get(namedCurve ?? '') ?? [namedCurve ?? null, null];
  // Node calls the extended key usage `keyUsage`
  const usages = certificate.keyUsage as readonly string[] | undefined;
  return {
    fingerprint: sha256(der),
    keyDigest: sha256(publicKey.export({ type: 'spki', format: 'der' })),
    subject: certificate.subject,
    issuer: certificate.issuer,
    subjectAltName: subjectAltName ?? null,
    notBefore: time(certificate.validFrom),
    notAfter: time(certificate.validTo),
    keyType: publicKey.asymmetricKeyType ?? 'unknown',
    keyBits: modulusLength ?? curveBits,
    curve,
    signatureAlgorithm: signatureAlgorithmOf(der),
    serverAuth: usages === undefined || usages.includes(SERVER_AUTH) || usages.includes(ANY_EXTENDED_KEY_USAGE),
  };
}

/** OpenSSL's `Nov 23 07:21:01 2026 GMT`. */
function time(text: string): Timestamp | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : timestamp(at);
}

import { X509Certificate } from 'node:crypto';
import { type Digest, sha256 } from '../hashing/digest.js';
import { CodedError, isCoded, reasonOf } from '../runtime/coded-error.js';
import { type PublicKey, publicKeyOf } from '../signing/public-key.js';
import { decodeCertificate } from './decode-certificate.js';
import { certificatesFromPem } from './pem.js';

/** A certificate's own statements; whether to believe them is for `verifyChain`. */
export interface Certificate {
  readonly der: Buffer;
  /** Lower-case hex. */
  readonly serial: string;
  /** As OpenSSL prints it, for people. */
  readonly subject: string;
  /** Milliseconds since the Unix epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
  readonly publicKey: PublicKey;
  readonly isCa: boolean;
  /** Of the DER. */
  readonly fingerprint: Digest;
  /** OIDs. */
  readonly extendedKeyUsages: readonly string[];
}

/**
 * @param input one certificate, DER or PEM
 * @param what names the input in the error
 * @throws CodedError('certificate.malformed')
 */
export function readCertificate(input: Uint8Array | string, what: string): Certificate {
  const der = onlyCertificate(input, what);
  try {
    const decoded = decodeCertificate(der);
    const parsed = new X509Certificate(der);
    return {
      der,
      serial: parsed.serialNumber.toLowerCase(),
      subject: parsed.subject,
      notBefore: decoded.notBefore,
      notAfter: decoded.notAfter,
      uris: decoded.subjectAltName.uris,
      dnsNames: decoded.subjectAltName.dnsNames,
      publicKey: publicKeyOf(parsed.publicKey),
      isCa: decoded.isCa,
      fingerprint: sha256(der),
      extendedKeyUsages: decoded.extendedKeyUsages,
    };
  } catch (error) {
    if (isCoded(error)) throw error;
    throw new CodedError('certificate.malformed', `${what} is no certificate that can be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** DER begins with a SEQUENCE tag (0x30, the digit 0), PEM with text. */
function onlyCertificate(input: Uint8Array | string, what: string): Buffer {
  if (typeof input !== 'string' && input[0] === 0x30) return Buffer.from(input);
  const text = typeof input === 'string' ? input : Buffer.from(input).toString('latin1');
  const [der, ...others] = certificatesFromPem(text, what);
  if (der === undefined || others.length > 0) {
    throw new CodedError(
      'certificate.malformed',
      `${what} holds ${String(others.length + 1)} certificates; one is expected`,
    );
  }
  return der;
}

import { constants, publicDecrypt, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import type { Digest } from '../hashing/digest.js';
import { digestInfo } from './digest-info.js';

/** Verifies a signature over `bytes`: PKCS#1 v1.5 with SHA-256 for RSA, DER ECDSA with SHA-256 for P-256. Never throws. */
export function verifySignature(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    if (key.asymmetricKeyType === 'rsa') {
      return verify('sha256', bytes, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
    }
    if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return false;
    return verify('sha256', bytes, { key, dsaEncoding: 'der' }, signature);
  } catch {
    return false;
  }
}

/**
 * Verifies an RSASSA-PKCS1-v1_5 signature when only the file's digest is at hand, so that no file is read twice.
 * The whole recovered DigestInfo is compared; nothing in it is parsed (RFC 8017 §8.2.2). Never throws.
 */
export function verifyDigestSignature(key: KeyObject, digest: Digest, signature: Uint8Array): boolean {
  const expected = digestInfo(digest);
  try {
    const recovered = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return recovered.length === expected.length && timingSafeEqual(recovered, expected);
  } catch {
    return false;
  }
}

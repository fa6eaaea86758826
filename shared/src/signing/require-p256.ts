import type { KeyObject } from 'node:crypto';
import { CodedError } from '../runtime/coded-error.js';
import { publicKeyOf } from './public-key.js';

/** SubjectPublicKeyInfo of P-256 up to the coordinates: the named curve (RFC 5480 §2.1.1.1), uncompressed point. */
const P256_SPKI = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');

/**
 * Either half of a P-256 pair, in the one encoding a key id is stable for: OpenSSL also knows the curve by explicit
 * parameters or a compressed point. @throws CodedError('key.invalid')
 */
export function requireP256(key: KeyObject, what: string): KeyObject {
  const spki = publicKeyOf(key).key.export({ type: 'spki', format: 'der' });
  if (!spki.subarray(0, P256_SPKI.length).equals(P256_SPKI)) {
    throw new CodedError('key.invalid', `${what} is not a P-256 key (by curve name, uncompressed)`);
  }
  return key;
}

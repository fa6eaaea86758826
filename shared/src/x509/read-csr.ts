import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { CodedError, reasonOf } from '../runtime/coded-error.js';
import { requireP256 } from '../signing/require-p256.js';
import { contentOf, decodeDer, elementsOf, encodeDer, oidOf, TAG } from './der.js';
import { OID } from './object-ids.js';

const MAX_CSR_BYTES: number = 16 * 1024;

/**
 * The one thing taken from a PKCS#10 request (RFC 2986): a P-256 public key whose private half signed the request.
 * Names and extensions asked for are not even looked at. Input may be hostile.
 * @throws CodedError('certificate.malformed')
 */
export function publicKeyFromCsr(der: Uint8Array): KeyObject {
  try {
    const parts = elementsOf(decodeDer(der, { maxBytes: MAX_CSR_BYTES }), TAG.sequence);
    const [info, algorithm, signature] = parts;
    if (info === undefined || parts.length !== 3) throw new Error('it is no PKCS#10 structure');
    const algorithmParts = elementsOf(algorithm, TAG.sequence);
    if (oidOf(algorithmParts[0]) !== OID.ecdsaWithSha256 || algorithmParts.length !== 1) {
      throw new Error('it is not signed with ECDSA and SHA-256');
    }
    const key = requestedKey(elementsOf(info, TAG.sequence));
    const bits = contentOf(signature, TAG.bitString);
    const holds = verify('sha256', encodeDer(info), { key, dsaEncoding: 'der' }, bits.subarray(1));
    if (bits[0] !== 0 || !holds) throw new Error('its signature is not by the key it holds');
    return key;
  } catch (error) {
    throw new CodedError('certificate.malformed', `the certificate request was refused: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function requestedKey([, , spki]: ReturnType<typeof elementsOf>): KeyObject {
  if (spki === undefined) throw new Error('it holds no public key');
  return requireP256(createPublicKey({ key: encodeDer(spki), format: 'der', type: 'spki' }), 'the requested key');
}

import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { CodedError } from '../runtime/coded-error.js';

/** A key somebody is known by. */
export interface PublicKey {
  readonly keyid: string;
  readonly key: KeyObject;
}

export function publicKeyOf(key: KeyObject): PublicKey {
  const half = key.type === 'private' ? createPublicKey(key) : key;
  const spki = half.export({ type: 'spki', format: 'der' });
  return { keyid: createHash('sha256').update(spki).digest('hex'), key: half };
}

/**
 * @param what names the input in the error
 * @throws CodedError('key.invalid')
 */
export function parsePublicKey(pem: string | Buffer, what: string): PublicKey {
  if (pem.includes('PRIVATE KEY')) {
    // node would quietly take the public half; a private key has no business where a public one is asked for
    throw new CodedError('key.invalid', `${what} holds a private key; give the file with its public half (.pub)`);
  }
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (error) {
    throw new CodedError('key.invalid', `${what} holds no public key in PEM form (SubjectPublicKeyInfo)`, {
      cause: error,
    });
  }
  return publicKeyOf(key);
}

/** Publisher keys are RSA-4096 with exponent 65537, nothing else. @throws CodedError('key.invalid') */
export function requirePublisherKey(key: PublicKey, what: string): PublicKey {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key.key;
  if (type !== 'rsa')
    throw new CodedError('key.invalid', `${what} is a ${String(type)} key; publisher keys are RSA with 4096 bits`);
  if (details?.modulusLength !== 4096) {
    throw new CodedError(
      'key.invalid',
      `${what} has ${String(details?.modulusLength)} bits; publisher keys have 4096 (sealwatch manifest keygen makes one)`,
    );
  }
  if (details.publicExponent !== 65537n) {
    throw new CodedError(
      'key.invalid',
      `${what} has the public exponent ${String(details.publicExponent)}; publisher keys have 65537`,
    );
  }
  return key;
}

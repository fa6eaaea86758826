import { constants, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { CodedError } from '../runtime/coded-error.js';
import { publicKeyOf } from './public-key.js';
import type { Signer } from './signer.js';

/** A signer whose private key is in this process's memory. */
export function keySigner(key: KeyObject): Signer {
  const { keyid } = publicKeyOf(key);
  const options =
    key.asymmetricKeyType === 'rsa'
      ? { key, padding: constants.RSA_PKCS1_PADDING }
      : ({ key, dsaEncoding: 'der' } as const);
  return { keyid, sign: (bytes) => Promise.resolve(sign('sha256', bytes, options)) };
}

/**
 * @param what names the input in the error
 * @throws CodedError('key.passphrase') if one is needed or wrong, CodedError('key.invalid') otherwise
 */
export function parsePrivateKey(pem: Buffer, what: string, passphrase?: string): KeyObject {
  try {
    return createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase });
  } catch (error) {
    if (!pem.includes('ENCRYPTED')) {
      throw new CodedError('key.invalid', `${what} holds no private key in PEM form (PKCS#8)`, { cause: error });
    }
    const problem =
      passphrase === undefined ? 'is encrypted and no passphrase was given' : 'does not open with this passphrase';
    throw new CodedError('key.passphrase', `${what} ${problem}`, { cause: error });
  }
}

import { constants, type KeyObject, privateEncrypt } from 'node:crypto';
import { type Digest, sha256 } from '../hashing/digest.js';
import { CodedError } from '../runtime/coded-error.js';
import { digestInfo } from './digest-info.js';
import { publicKeyOf, requirePublisherKey } from './public-key.js';
import type { PublisherSigner } from './publisher-signer.js';
import { verifyDigestSignature } from './verify.js';

/**
 * A publisher's signer whose private key is in this process's memory.
 * @param what names the key in the error
 * @throws CodedError('key.invalid') for anything but RSA-4096 with exponent 65537
 */
export function publisherKeySigner(key: KeyObject, what: string): PublisherSigner {
  const publicKey = requirePublisherKey(publicKeyOf(key), what);
  const signDigest = (digest: Digest): Promise<Buffer> => {
    // `crypto.sign` wants the bytes and would read a file of gigabytes again (or hash it twice in one pass).
    // RSASSA-PKCS1-v1_5 is the RSA operation on the padded DigestInfo (RFC 8017 §8.2.1, §9.2), which this is.
    const signature = privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo(digest));
    if (!verifyDigestSignature(publicKey.key, digest, signature)) {
      throw new CodedError('signer.failed', `a signature by ${what} does not verify: the key's two halves do not fit`);
    }
    return Promise.resolve(signature);
  };
  return {
    keyid: publicKey.keyid,
    publicKey,
    sign: (bytes) => signDigest(sha256(bytes)),
    signContent: ({ digest }) => signDigest(digest),
  };
}

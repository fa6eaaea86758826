import { type Digest, digestBytes } from '../hashing/digest.js';

/** DER of DigestInfo { sha256, NULL } up to the digest (RFC 8017 §9.2, note 1). */
const SHA256_PREFIX = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** What an RSASSA-PKCS1-v1_5 signature with SHA-256 contains: the signature is a function of the digest alone. */
export function digestInfo(digest: Digest): Buffer {
  return Buffer.concat([SHA256_PREFIX, digestBytes(digest)]);
}

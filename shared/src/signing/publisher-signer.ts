import type { Digest } from '../hashing/digest.js';
import type { PublicKey } from './public-key.js';
import type { Signer } from './signer.js';

/** Something to sign that may be larger than memory. */
export interface SignableContent {
  readonly digest: Digest;
  /** The bytes of that digest, from the first. Only signers that want to hash by themselves read them. */
  bytes(): AsyncIterable<Uint8Array>;
}

/** The publisher's RSA-4096 key, wherever it is. What comes back has been verified against `publicKey`. */
export interface PublisherSigner extends Signer {
  readonly publicKey: PublicKey;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the content's bytes. @throws CodedError('signer.failed') */
  signContent(content: SignableContent): Promise<Buffer>;
}

import { createHash, type Hash } from 'node:crypto';
import type { HmacAlgorithm } from './known-boring-modules.js';

/** What BoringCrypto computes over itself when it starts, in both forms that its versions have, as raw bytes. */
export type ModuleHashes = Readonly<Record<HmacAlgorithm, Buffer>>;

const BLOCK_BYTES: Readonly<Record<HmacAlgorithm, number>> = { sha256: 64, sha512: 128 };

/**
 * HMAC with 64 zero bytes as key (google/boringssl crypto/fipsmodule/bcm.c), SHA-256 and SHA-512 side by side. Built on
 * node:crypto's hashes because its Hmac can't be asked for a value in between. The key is public: the value shows
 * damage, not who made the module.
 */
export class ModuleMac {
  // RFC 2104: a key of zeros leaves the pads as they are
  readonly #inner: Readonly<Record<HmacAlgorithm, Hash>> = {
    sha256: createHash('sha256').update(Buffer.alloc(BLOCK_BYTES.sha256, 0x36)),
    sha512: createHash('sha512').update(Buffer.alloc(BLOCK_BYTES.sha512, 0x36)),
  };

  update(bytes: Uint8Array): this {
    this.#inner.sha256.update(bytes);
    this.#inner.sha512.update(bytes);
    return this;
  }

  /** Of all bytes so far; more may follow. */
  hashes(): ModuleHashes {
    return { sha256: this.#outer('sha256'), sha512: this.#outer('sha512') };
  }

  #outer(algorithm: HmacAlgorithm): Buffer {
    return createHash(algorithm)
      .update(Buffer.alloc(BLOCK_BYTES[algorithm], 0x5c))
      .update(this.#inner[algorithm].copy().digest())
      .digest();
  }
}

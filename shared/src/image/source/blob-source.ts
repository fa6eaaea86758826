import type { Digest } from '../../hashing/digest.js';

/**
 * Blobs by digest: an OCI layout, an archive, containerd's content store. It is believed in nothing: whoever reads
 * holds every byte against the digest. Methods may throw; what they throw makes the blob unreadable, not absent.
 */
export interface BlobSource {
  /** Bytes, or undefined when there is no such blob. */
  size(digest: Digest): Promise<number | undefined>;
  /**
   * The bytes from the first on, at most `limit`. A chunk stands only until the next one is asked for. Leaving the
   * iteration early frees what it holds.
   */
  read(digest: Digest, limit: number): AsyncIterable<Uint8Array>;
}

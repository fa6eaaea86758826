import type { Digest } from '@sealwatch/shared/hashing/digest.js';

/**
 * The digest of a file, computed once while its `key` is the same. The key is `dev:ino:size:mtimeNs:ctimeNs`, decimal:
 * enough within one cycle, for which such a memory is made; a longer one would believe the file system.
 */
export type HashOnce = (key: string, hash: () => Promise<Digest>) => Promise<Digest>;

/** @param digests what is known already; what is hashed is added to it, what fails is not */
export function createHashOnce(digests: Map<string, Digest> = new Map<string, Digest>()): HashOnce {
  return async (key, hash) => {
    const known = digests.get(key);
    if (known !== undefined) return known;
    const digest = await hash();
    digests.set(key, digest);
    return digest;
  };
}

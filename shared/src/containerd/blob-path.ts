import { type Digest } from '../hashing/digest.js';

/** The file of one blob, below the directory `Containerd.contentRoot` told. */
export function blobPath(contentRoot: string, digest: Digest): string {
  return `${contentRoot}/blobs/sha256/${digest.slice('sha256:'.length)}`;
}

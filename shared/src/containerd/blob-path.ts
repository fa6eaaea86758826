import { type Digest } from '../hashing/digest.js';

/** Where containerd's content store is unless its configuration says otherwise. */
export const DEFAULT_CONTENT_ROOT = '/var/lib/containerd/io.containerd.content.v1.content';

/** The file of one blob, below the directory `Containerd.contentRoot` told. */
export function blobPath(contentRoot: string, digest: Digest): string {
  return `${contentRoot}/blobs/sha256/${digest.slice('sha256:'.length)}`;
}

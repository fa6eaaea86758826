import { type BigIntStats, fstatSync } from 'node:fs';
import { blobPath } from '@sealwatch/shared/containerd/blob-path.js';
import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import { servedBlobs } from '@sealwatch/shared/containerd/served-blobs.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { fileKey } from '@sealwatch/shared/hashing/file-key.js';
import { endOfPath, openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import { readRange } from '@sealwatch/shared/image/source/read-range.js';
import type { BlobSource } from '@sealwatch/shared/image/source/blob-source.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';

/** Blobs of containerd's content store, with what tells whether one can have changed since. */
export interface ContainerdBlobs extends BlobSource {
  /** Another text when the file is another one or was written; null when only reading tells. */
  stateOf(digest: Digest): Promise<string | null>;
}

/**
 * The files of the content store if they can be reached below the host root: they are what the next unpacking uses, and
 * bytes that were added to one show only there. Else through containerd, which serves them as it finds them.
 */
export async function containerdBlobs(
  containerd: Pick<Containerd, 'contentRoot' | 'blobSize' | 'readBlob'>,
  hostRoot: string,
  signal: AbortSignal,
): Promise<ContainerdBlobs> {
  const root = await containerd.contentRoot();
  const contentRoot = root.state === 'answered' ? root.value : undefined;
  if (contentRoot !== undefined && (await isReachable(hostRoot, contentRoot))) {
    return new BlobFiles(hostRoot, contentRoot);
  }
  return { ...servedBlobs(containerd, { signal }), stateOf: () => Promise.resolve(null) };
}

async function isReachable(hostRoot: string, contentRoot: string): Promise<boolean> {
  const at = await endOfPath(hostRoot, Buffer.from(`${contentRoot}/blobs/sha256`), () => Promise.resolve('there'));
  return at === 'there';
}

class BlobFiles implements ContainerdBlobs {
  readonly #hostRoot: string;
  readonly #contentRoot: string;

  constructor(hostRoot: string, contentRoot: string) {
    this.#hostRoot = hostRoot;
    this.#contentRoot = contentRoot;
  }

  async size(digest: Digest): Promise<number | undefined> {
    const stat = await this.#stat(digest);
    return stat === undefined ? undefined : Number(stat.size);
  }

  async *read(digest: Digest, limit: number): AsyncGenerator<Uint8Array> {
    const opened = await this.#open(digest);
    if (opened === undefined) return;
    try {
      yield* readRange(opened.fd, 0, limit);
    } finally {
      await opened.close();
    }
  }

  async stateOf(digest: Digest): Promise<string | null> {
    const stat = await this.#stat(digest);
    return stat === undefined ? null : fileKey(stat);
  }

  async #stat(digest: Digest): Promise<BigIntStats | undefined> {
    const opened = await this.#open(digest);
    if (opened === undefined) return undefined;
    try {
      return fstatSync(opened.fd, { bigint: true });
    } finally {
      await opened.close();
    }
  }

  async #open(digest: Digest): Promise<{ fd: number; close: () => Promise<void> } | undefined> {
    const opened = await openBelow(this.#hostRoot, Buffer.from(blobPath(this.#contentRoot, digest)));
    switch (opened.state) {
      case 'opened':
        return opened;
      case 'absent':
        return undefined;
      case 'not-regular':
        throw new CodedError('file.unreadable', `its file is a ${opened.fileType}`);
      case 'unreadable':
        throw new CodedError('file.unreadable', `its file: ${opened.reason}`);
    }
  }
}

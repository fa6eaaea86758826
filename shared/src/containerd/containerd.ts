import type { Digest } from '../hashing/digest.js';
import type { Answer } from './answer.js';
import type { ContainerdContainer } from './containerd-container.js';
import type { ContainerdEventListener, ContainerdSubscription } from './containerd-event.js';
import type { ContainerdImage } from './containerd-image.js';
import type { ContainerdSnapshot, SnapshotMount } from './containerd-snapshot.js';
import type { ContainerdTask } from './containerd-task.js';

/**
 * containerd as measuring sees it, in one namespace. Nothing here writes. Every answer comes within a deadline and is
 * bounded; no method throws or rejects, except that a blob that can't be read to its end ends its iteration with an
 * error. `undefined` as a value is containerd's word that there is no such thing.
 */
export interface Containerd {
  /** containerd's version; asked to see whether it lives. */
  version(): Promise<Answer<string>>;

  /** @param filters containerd's filter expressions, of which one must match; none for all */
  images(filters?: readonly string[]): Promise<Answer<readonly ContainerdImage[]>>;
  image(name: string): Promise<Answer<ContainerdImage | undefined>>;

  /** The directory that holds `blobs/sha256/…`, as containerd sees it. */
  contentRoot(): Promise<Answer<string | undefined>>;
  /** Bytes, as containerd noted them when it took the blob in: no proof that so many are there now. */
  blobSize(digest: Digest): Promise<Answer<number | undefined>>;
  /**
   * The bytes containerd serves under this digest: the caller hashes them. It ends at the noted size, so bytes that were
   * added behind it show in the blob's file only.
   * @throws CodedError('file.unreadable') when it ends early, CodedError('request.cancelled') once aborted
   */
  readBlob(digest: Digest, options?: { readonly signal?: AbortSignal }): AsyncIterable<Uint8Array>;

  containers(filters?: readonly string[]): Promise<Answer<readonly ContainerdContainer[]>>;
  container(id: string): Promise<Answer<ContainerdContainer | undefined>>;

  tasks(): Promise<Answer<readonly ContainerdTask[]>>;
  task(containerId: string): Promise<Answer<ContainerdTask | undefined>>;

  snapshot(snapshotter: string, key: string): Promise<Answer<ContainerdSnapshot | undefined>>;
  /** Of an active snapshot or a view: a committed one is an error of containerd's. */
  mounts(snapshotter: string, key: string): Promise<Answer<readonly SnapshotMount[] | undefined>>;

  /** Changes from now on; ContainerdWatch keeps it alive. */
  subscribe(listener: ContainerdEventListener): ContainerdSubscription;

  close(): void;
}

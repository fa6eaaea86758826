import { type Answer, answered, unavailable } from '@sealwatch/shared/containerd/answer.js';
import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import type { ContainerdContainer } from '@sealwatch/shared/containerd/containerd-container.js';
import type { ContainerdEventListener, ContainerdSubscription } from '@sealwatch/shared/containerd/containerd-event.js';
import type { ContainerdImage } from '@sealwatch/shared/containerd/containerd-image.js';
import type { ContainerdSnapshot, SnapshotMount } from '@sealwatch/shared/containerd/containerd-snapshot.js';
import type { ContainerdTask } from '@sealwatch/shared/containerd/containerd-task.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Descriptor } from '@sealwatch/shared/image/document/descriptor.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { ImageBuilder } from './image-builder.js';

/** A containerd that says what a test wants it to say, right or wrong. Blobs come through it: there are no files. */
export class ScriptedContainerd implements Containerd {
  readonly store: ImageBuilder = new ImageBuilder();
  readonly imageList: ContainerdImage[] = [];
  readonly containerList: ContainerdContainer[] = [];
  readonly taskList: ContainerdTask[] = [];
  readonly parents = new Map<string, string>();
  readonly mountsOf = new Map<string, readonly SnapshotMount[]>();
  readonly listeners = new Set<ContainerdEventListener>();
  /** Calls that fail, by name, with their reason. */
  readonly failing = new Map<keyof Containerd, string>();
  root: string | undefined;
  /** Blobs read, in order. */
  readonly read: Digest[] = [];

  name(name: string, target: Descriptor): this {
    this.imageList.push({ name, target, labels: new Map(), createdAt: undefined, updatedAt: undefined });
    return this;
  }

  run(changes: Partial<ContainerdContainer> & Pick<ContainerdContainer, 'id'>, parent: string, pid = 0): this {
    this.containerList.push({
      image: '',
      labels: new Map(),
      snapshotter: 'overlayfs',
      snapshotKey: changes.id,
      runtime: 'io.containerd.runc.v2',
      createdAt: undefined,
      spec: {
        state: 'read',
        args: ['/pause'],
        env: [],
        cwd: '/',
        user: { uid: 0, gid: 0, additionalGids: [] },
        mounts: [],
        root: { path: 'rootfs', readonly: false },
        namespaces: [],
      },
      ...changes,
    });
    this.taskList.push({ containerId: changes.id, pid, status: 'running' });
    this.parents.set(changes.id, parent);
    return this;
  }

  version(): Promise<Answer<string>> {
    return this.#say('version', () => 'v1');
  }

  images(): Promise<Answer<readonly ContainerdImage[]>> {
    return this.#say('images', () => this.imageList);
  }

  image(name: string): Promise<Answer<ContainerdImage | undefined>> {
    return this.#say('image', () => this.imageList.find((image) => image.name === name));
  }

  contentRoot(): Promise<Answer<string | undefined>> {
    return this.#say('contentRoot', () => this.root);
  }

  blobSize(digest: Digest): Promise<Answer<number | undefined>> {
    return this.#say('blobSize', () => this.store.blobs.get(digest)?.length);
  }

  async *readBlob(digest: Digest): AsyncGenerator<Uint8Array> {
    this.read.push(digest);
    const why = this.failing.get('readBlob');
    if (why !== undefined) throw new CodedError('file.unreadable', why);
    yield* this.store.read(digest, Number.MAX_SAFE_INTEGER);
  }

  containers(): Promise<Answer<readonly ContainerdContainer[]>> {
    return this.#say('containers', () => this.containerList);
  }

  container(id: string): Promise<Answer<ContainerdContainer | undefined>> {
    return this.#say('container', () => this.containerList.find((container) => container.id === id));
  }

  tasks(): Promise<Answer<readonly ContainerdTask[]>> {
    return this.#say('tasks', () => this.taskList);
  }

  task(containerId: string): Promise<Answer<ContainerdTask | undefined>> {
    return this.#say('task', () => this.taskList.find((task) => task.containerId === containerId));
  }

  snapshot(_: string, key: string): Promise<Answer<ContainerdSnapshot | undefined>> {
    return this.#say('snapshot', () => ({ key, parent: this.parents.get(key), kind: 'active' }));
  }

  mounts(_: string, key: string): Promise<Answer<readonly SnapshotMount[] | undefined>> {
    return this.#say('mounts', () => this.mountsOf.get(key));
  }

  subscribe(listener: ContainerdEventListener): ContainerdSubscription {
    this.listeners.add(listener);
    return {
      close: () => {
        this.listeners.delete(listener);
      },
    };
  }

  close(): void {
    this.listeners.clear();
  }

  #say<T>(call: keyof Containerd, value: () => T): Promise<Answer<T>> {
    const why = this.failing.get(call);
    return Promise.resolve(why === undefined ? answered(value()) : unavailable(why));
  }
}

import { Metadata, type CallOptions, type requestCallback } from '@grpc/grpc-js';
import type { Digest } from '../hashing/digest.js';
import { CodedError } from '../runtime/coded-error.js';
import type { GetContainerResponse } from '../wire/generated/containerd/services/containers/v1/GetContainerResponse.js';
import type { ListContainerMessage } from '../wire/generated/containerd/services/containers/v1/ListContainerMessage.js';
import type { InfoResponse } from '../wire/generated/containerd/services/content/v1/InfoResponse.js';
import type { GetImageResponse } from '../wire/generated/containerd/services/images/v1/GetImageResponse.js';
import type { ListImagesResponse } from '../wire/generated/containerd/services/images/v1/ListImagesResponse.js';
import type { PluginsResponse } from '../wire/generated/containerd/services/introspection/v1/PluginsResponse.js';
import type { MountsResponse } from '../wire/generated/containerd/services/snapshots/v1/MountsResponse.js';
import type { StatSnapshotResponse } from '../wire/generated/containerd/services/snapshots/v1/StatSnapshotResponse.js';
import type { GetResponse } from '../wire/generated/containerd/services/tasks/v1/GetResponse.js';
import type { ListTasksResponse } from '../wire/generated/containerd/services/tasks/v1/ListTasksResponse.js';
import type { VersionResponse } from '../wire/generated/containerd/services/version/v1/VersionResponse.js';
import { answered, unavailable, type Answer } from './answer.js';
import { callFailure, isNotFound } from './call-failure.js';
import { callOnce } from './call-once.js';
import { collectStream, type StreamLimits } from './collect-stream.js';
import type { Containerd } from './containerd.js';
import { openClients, type ContainerdClients } from './containerd-clients.js';
import { toContainer, type ContainerdContainer } from './containerd-container.js';
import type { ContainerdEventListener, ContainerdSubscription } from './containerd-event.js';
import { toImage, type ContainerdImage } from './containerd-image.js';
import { toSnapshot, type ContainerdSnapshot, type SnapshotMount } from './containerd-snapshot.js';
import { toTask, type ContainerdTask } from './containerd-task.js';
import { eventFilters } from './event-filters.js';
import { listenToEvents } from './listen-to-events.js';
import type { ContainerdProtos } from './load-containerd-protos.js';
import { readWindow } from './read-window.js';
import { socketProblem } from './socket-problem.js';

export interface GrpcContainerdDeps {
  readonly protos: ContainerdProtos;
  /** Absolute, as this process sees it. */
  readonly socket: string;
  /** Kubernetes' by default. */
  readonly namespace?: string;
  /** For every call; of a blob, for every window. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 10_000;

/**
 * A blob is asked for piece by piece: gRPC reads sixteen messages ahead of a stream's reader, which would be 16 MiB, and
 * a deadline must not run while the reader is busy.
 */
const WINDOW_BYTES = 1024 * 1024;

const CONTAINERS: StreamLimits<ListContainerMessage> = {
  what: 'containers',
  count: 5000,
  bytes: 64 * 1024 * 1024,
  sizeOf: ({ container }) => container?.spec?.value.length ?? 0,
};

/** containerd over its unix socket. One connection, which comes back by itself when containerd does. */
export class GrpcContainerd implements Containerd {
  readonly #clients: ContainerdClients;
  readonly #protos: ContainerdProtos;
  readonly #socket: string;
  readonly #namespace: string;
  readonly #deadlineMs: number;
  readonly #metadata = new Metadata();

  constructor({ protos, socket, namespace = 'k8s.io', deadlineMs = DEADLINE_MS }: GrpcContainerdDeps) {
    this.#protos = protos;
    this.#socket = socket;
    this.#namespace = namespace;
    this.#deadlineMs = deadlineMs;
    this.#metadata.set('containerd-namespace', namespace);
    this.#clients = openClients(protos, socket);
  }

  version(): Promise<Answer<string>> {
    return this.#ask(
      (...call: Call<VersionResponse>) => this.#clients.version.version({}, ...call),
      ({ version }) => version,
    );
  }

  images(filters: readonly string[] = []): Promise<Answer<readonly ContainerdImage[]>> {
    return this.#ask(
      (...call: Call<ListImagesResponse>) => this.#clients.images.list({ filters: [...filters] }, ...call),
      ({ images }) => images.map(toImage),
    );
  }

  image(name: string): Promise<Answer<ContainerdImage | undefined>> {
    return this.#find(
      (...call: Call<GetImageResponse>) => this.#clients.images.get({ name }, ...call),
      ({ image }) => toImage(given(image)),
    );
  }

  async contentRoot(): Promise<Answer<string | undefined>> {
    const filters = ['type==io.containerd.content.v1'];
    return this.#ask(
      (...call: Call<PluginsResponse>) => this.#clients.introspection.plugins({ filters }, ...call),
      // a store that is reached through a proxy plugin has no directory to tell
      ({ plugins }) => plugins.map(({ exports }) => exports['root']).find((root) => root?.startsWith('/')),
    );
  }

  blobSize(digest: Digest): Promise<Answer<number | undefined>> {
    return this.#find(
      (...call: Call<InfoResponse>) => this.#clients.content.info({ digest }, ...call),
      ({ info }) => Number(given(info).size),
    );
  }

  async *readBlob(digest: Digest, { signal }: { readonly signal?: AbortSignal } = {}): AsyncIterable<Uint8Array> {
    const size = await this.blobSize(digest);
    if (size.state === 'unavailable') throw unreadable(digest, size.reason);
    if (size.value === undefined) throw unreadable(digest, 'containerd does not have it');
    for (let offset = 0; offset < size.value; offset += WINDOW_BYTES) {
      yield* await this.#window(digest, offset, Math.min(WINDOW_BYTES, size.value - offset), signal);
    }
  }

  containers(filters: readonly string[] = []): Promise<Answer<readonly ContainerdContainer[]>> {
    return this.#answer(() => {
      const call = this.#clients.containers.listStream({ filters: [...filters] }, this.#metadata, this.#options());
      return collectStream(call, ({ container }) => toContainer(given(container)), CONTAINERS);
    });
  }

  container(id: string): Promise<Answer<ContainerdContainer | undefined>> {
    return this.#find(
      (...call: Call<GetContainerResponse>) => this.#clients.containers.get({ id }, ...call),
      ({ container }) => toContainer(given(container)),
    );
  }

  tasks(): Promise<Answer<readonly ContainerdTask[]>> {
    return this.#ask(
      (...call: Call<ListTasksResponse>) => this.#clients.tasks.list({}, ...call),
      ({ tasks }) => tasks.map(toTask),
    );
  }

  task(containerId: string): Promise<Answer<ContainerdTask | undefined>> {
    return this.#find(
      (...call: Call<GetResponse>) => this.#clients.tasks.get({ containerId }, ...call),
      ({ process }) => toTask(given(process)),
    );
  }

  snapshot(snapshotter: string, key: string): Promise<Answer<ContainerdSnapshot | undefined>> {
    return this.#find(
      (...call: Call<StatSnapshotResponse>) => this.#clients.snapshots.stat({ snapshotter, key }, ...call),
      ({ info }) => toSnapshot(given(info)),
    );
  }

  mounts(snapshotter: string, key: string): Promise<Answer<readonly SnapshotMount[] | undefined>> {
    return this.#find(
      (...call: Call<MountsResponse>) => this.#clients.snapshots.mounts({ snapshotter, key }, ...call),
      ({ mounts }) => mounts.map(({ type, source, options }) => ({ type, source, options })),
    );
  }

  subscribe(listener: ContainerdEventListener): ContainerdSubscription {
    const filters = eventFilters(this.#namespace);
    return listenToEvents(listener, {
      open: () => this.#clients.events.subscribe({ filters }, this.#metadata),
      bodies: this.#protos.events,
      namespace: this.#namespace,
    });
  }

  close(): void {
    this.#clients.close();
  }

  #ask<Response, Value>(
    start: (...call: Call<Response>) => unknown,
    read: (response: Response) => Value,
  ): Promise<Answer<Value>> {
    return this.#answer(async () => read(await this.#once(start)));
  }

  #find<Response, Value>(
    start: (...call: Call<Response>) => unknown,
    read: (response: Response) => Value,
  ): Promise<Answer<Value | undefined>> {
    return this.#answer(async () => {
      try {
        return read(await this.#once(start));
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    });
  }

  #once<Response>(start: (...call: Call<Response>) => unknown): Promise<Response> {
    return callOnce((done: requestCallback<Response>) => start(this.#metadata, this.#options(), done));
  }

  async #window(digest: Digest, offset: number, bytes: number, signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    const window = { digest, offset, size: bytes };
    const pieces = await this.#answer(() => {
      if (signal?.aborted === true) throw new CodedError('request.cancelled', 'reading a blob was ended');
      return readWindow(this.#clients.content.read(window, this.#metadata, this.#options()), { bytes, signal });
    });
    if (pieces.state === 'answered') return pieces.value;
    if (signal?.aborted === true) throw new CodedError('request.cancelled', `reading blob ${digest} was ended`);
    throw unreadable(digest, pieces.reason);
  }

  /** The one place where a failure becomes a value. */
  async #answer<Value>(ask: () => Promise<Value>): Promise<Answer<Value>> {
    const problem = await socketProblem(this.#socket);
    if (problem !== undefined) return unavailable(problem);
    try {
      return answered(await ask());
    } catch (error) {
      return unavailable(callFailure(error));
    }
  }

  #options(): CallOptions {
    return { deadline: Date.now() + this.#deadlineMs };
  }
}

type Call<Response> = [metadata: Metadata, options: CallOptions, done: requestCallback<Response>];

/** @throws CodedError('internal') for an answer without the thing that was asked for */
function given<T>(value: T | null): T {
  if (value === null) throw new CodedError('internal', 'containerd answered without what was asked for');
  return value;
}

function unreadable(digest: Digest, reason: string): CodedError {
  return new CodedError('file.unreadable', `blob ${digest} can't be read: ${reason}`);
}

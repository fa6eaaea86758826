import type { Timestamp } from '../runtime/timestamp.js';
import type { Container } from '../wire/generated/containerd/services/containers/v1/Container.js';
import { type ContainerSpec, readContainerSpec } from './container-spec.js';
import { fromWireTime } from './wire-time.js';

/** A container's record. Whether it runs is its task's business. */
export interface ContainerdContainer {
  readonly id: string;
  /** The image's name in containerd at the time it was made. */
  readonly image: string;
  readonly labels: ReadonlyMap<string, string>;
  /** `overlayfs`, `native`, … */
  readonly snapshotter: string;
  readonly snapshotKey: string;
  /** `io.containerd.runc.v2`, … */
  readonly runtime: string;
  readonly createdAt: Timestamp | undefined;
  readonly spec: ContainerSpec;
}

export function toContainer(wire: Container): ContainerdContainer {
  return {
    id: wire.id,
    image: wire.image,
    labels: new Map(Object.entries(wire.labels)),
    snapshotter: wire.snapshotter,
    snapshotKey: wire.snapshotKey,
    runtime: wire.runtime?.name ?? '',
    createdAt: fromWireTime(wire.createdAt),
    spec: readContainerSpec(wire.spec?.value ?? Buffer.alloc(0)),
  };
}

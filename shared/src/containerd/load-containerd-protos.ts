import { loadPackageDefinition, type GrpcObject } from '@grpc/grpc-js';
import type { ProtoGrpcType as ContainersTypes } from '../wire/generated/containers.js';
import type { ProtoGrpcType as ContentTypes } from '../wire/generated/content.js';
import type { ProtoGrpcType as EventsTypes } from '../wire/generated/events.js';
import type { ProtoGrpcType as ImagesTypes } from '../wire/generated/images.js';
import type { ProtoGrpcType as IntrospectionTypes } from '../wire/generated/introspection.js';
import type { ProtoGrpcType as SnapshotsTypes } from '../wire/generated/snapshots.js';
import type { ProtoGrpcType as TasksTypes } from '../wire/generated/tasks.js';
import type { ProtoGrpcType as VersionTypes } from '../wire/generated/version.js';
import { loadProtoDefinition } from '../wire/load-protos.js';
import { boundedDefinition } from './bounded-definition.js';

/** The services of proto/containerd, and the bodies of its events. */
export interface ContainerdProtos {
  readonly services: ContainersTypes['containerd']['services'] &
    ContentTypes['containerd']['services'] &
    EventsTypes['containerd']['services'] &
    ImagesTypes['containerd']['services'] &
    IntrospectionTypes['containerd']['services'] &
    SnapshotsTypes['containerd']['services'] &
    TasksTypes['containerd']['services'] &
    VersionTypes['containerd']['services'];
  readonly events: EventsTypes['containerd']['events'];
}

const FILES = ['containers', 'content', 'events', 'images', 'introspection', 'snapshots', 'tasks', 'version'].map(
  (name) => `containerd/${name}.proto`,
);

/** @throws CodedError('file.unreadable') if the proto directory is not where the build put it */
export function loadContainerdProtos(): ContainerdProtos {
  const definition = boundedDefinition(loadProtoDefinition(FILES));
  const loaded: GrpcObject & { containerd?: unknown } = loadPackageDefinition(definition);
  return loaded.containerd as ContainerdProtos;
}

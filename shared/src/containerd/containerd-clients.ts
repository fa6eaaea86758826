import { Channel, credentials, type ChannelOptions } from '@grpc/grpc-js';
import type { ContainersClient } from '../wire/generated/containerd/services/containers/v1/Containers.js';
import type { ContentClient } from '../wire/generated/containerd/services/content/v1/Content.js';
import type { EventsClient } from '../wire/generated/containerd/services/events/v1/Events.js';
import type { ImagesClient } from '../wire/generated/containerd/services/images/v1/Images.js';
import type { IntrospectionClient } from '../wire/generated/containerd/services/introspection/v1/Introspection.js';
import type { SnapshotsClient } from '../wire/generated/containerd/services/snapshots/v1/Snapshots.js';
import type { TasksClient } from '../wire/generated/containerd/services/tasks/v1/Tasks.js';
import type { VersionClient } from '../wire/generated/containerd/services/version/v1/Version.js';
import type { ContainerdProtos } from './load-containerd-protos.js';

/** One connection, made when first needed, and a client of each service over it. */
export interface ContainerdClients {
  readonly containers: ContainersClient;
  readonly content: ContentClient;
  readonly events: EventsClient;
  readonly images: ImagesClient;
  readonly introspection: IntrospectionClient;
  readonly snapshots: SnapshotsClient;
  readonly tasks: TasksClient;
  readonly version: VersionClient;
  close(): void;
}

/** Larger answers are refused unread. containerd sends blobs in messages of at most 1 MiB. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

const OPTIONS: ChannelOptions = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  // a restarted containerd is found again at once
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.service_config_disable_resolution': 1,
  'grpc.enable_retries': 0,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_channelz': 0,
};

/** @param socket an absolute path */
export function openClients({ services }: ContainerdProtos, socket: string): ContainerdClients {
  const address = `unix:${socket}`;
  const plain = credentials.createInsecure();
  const channel = new Channel(address, plain, OPTIONS);
  const options = { channelOverride: channel };
  return {
    containers: new services.containers.v1.Containers(address, plain, options),
    content: new services.content.v1.Content(address, plain, options),
    events: new services.events.v1.Events(address, plain, options),
    images: new services.images.v1.Images(address, plain, options),
    introspection: new services.introspection.v1.Introspection(address, plain, options),
    snapshots: new services.snapshots.v1.Snapshots(address, plain, options),
    tasks: new services.tasks.v1.Tasks(address, plain, options),
    version: new services.version.v1.Version(address, plain, options),
    close: () => {
      channel.close();
    },
  };
}

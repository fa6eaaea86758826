import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { ContainerEventInput as _containerd_events_ContainerEventInput, ContainerEvent as _containerd_events_ContainerEvent } from './containerd/events/ContainerEvent.js';
import type { ImageEventInput as _containerd_events_ImageEventInput, ImageEvent as _containerd_events_ImageEvent } from './containerd/events/ImageEvent.js';
import type { SnapshotEventInput as _containerd_events_SnapshotEventInput, SnapshotEvent as _containerd_events_SnapshotEvent } from './containerd/events/SnapshotEvent.js';
import type { TaskCreateInput as _containerd_events_TaskCreateInput, TaskCreate as _containerd_events_TaskCreate } from './containerd/events/TaskCreate.js';
import type { TaskEventInput as _containerd_events_TaskEventInput, TaskEvent as _containerd_events_TaskEvent } from './containerd/events/TaskEvent.js';
import type { TaskExitInput as _containerd_events_TaskExitInput, TaskExit as _containerd_events_TaskExit } from './containerd/events/TaskExit.js';
import type { EnvelopeInput as _containerd_services_events_v1_EnvelopeInput, Envelope as _containerd_services_events_v1_Envelope } from './containerd/services/events/v1/Envelope.js';
import type { EventsClient as _containerd_services_events_v1_EventsClient, EventsDefinition as _containerd_services_events_v1_EventsDefinition } from './containerd/services/events/v1/Events.js';
import type { SubscribeRequestInput as _containerd_services_events_v1_SubscribeRequestInput, SubscribeRequest as _containerd_services_events_v1_SubscribeRequest } from './containerd/services/events/v1/SubscribeRequest.js';
import type { AnyInput as _google_protobuf_AnyInput, Any as _google_protobuf_Any } from './google/protobuf/Any.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  containerd: {
    events: {
      ContainerEvent: MessageTypeDefinition<_containerd_events_ContainerEventInput, _containerd_events_ContainerEvent>
      ImageEvent: MessageTypeDefinition<_containerd_events_ImageEventInput, _containerd_events_ImageEvent>
      SnapshotEvent: MessageTypeDefinition<_containerd_events_SnapshotEventInput, _containerd_events_SnapshotEvent>
      TaskCreate: MessageTypeDefinition<_containerd_events_TaskCreateInput, _containerd_events_TaskCreate>
      TaskEvent: MessageTypeDefinition<_containerd_events_TaskEventInput, _containerd_events_TaskEvent>
      TaskExit: MessageTypeDefinition<_containerd_events_TaskExitInput, _containerd_events_TaskExit>
    }
    services: {
      events: {
        v1: {
          Envelope: MessageTypeDefinition<_containerd_services_events_v1_EnvelopeInput, _containerd_services_events_v1_Envelope>
          Events: SubtypeConstructor<typeof grpc.Client, _containerd_services_events_v1_EventsClient> & { service: _containerd_services_events_v1_EventsDefinition }
          SubscribeRequest: MessageTypeDefinition<_containerd_services_events_v1_SubscribeRequestInput, _containerd_services_events_v1_SubscribeRequest>
        }
      }
    }
  }
  google: {
    protobuf: {
      Any: MessageTypeDefinition<_google_protobuf_AnyInput, _google_protobuf_Any>
    }
  }
}


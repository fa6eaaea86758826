import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { ContainerInput as _containerd_services_containers_v1_ContainerInput, Container as _containerd_services_containers_v1_Container } from './containerd/services/containers/v1/Container.js';
import type { ContainersClient as _containerd_services_containers_v1_ContainersClient, ContainersDefinition as _containerd_services_containers_v1_ContainersDefinition } from './containerd/services/containers/v1/Containers.js';
import type { GetContainerRequestInput as _containerd_services_containers_v1_GetContainerRequestInput, GetContainerRequest as _containerd_services_containers_v1_GetContainerRequest } from './containerd/services/containers/v1/GetContainerRequest.js';
import type { GetContainerResponseInput as _containerd_services_containers_v1_GetContainerResponseInput, GetContainerResponse as _containerd_services_containers_v1_GetContainerResponse } from './containerd/services/containers/v1/GetContainerResponse.js';
import type { ListContainerMessageInput as _containerd_services_containers_v1_ListContainerMessageInput, ListContainerMessage as _containerd_services_containers_v1_ListContainerMessage } from './containerd/services/containers/v1/ListContainerMessage.js';
import type { ListContainersRequestInput as _containerd_services_containers_v1_ListContainersRequestInput, ListContainersRequest as _containerd_services_containers_v1_ListContainersRequest } from './containerd/services/containers/v1/ListContainersRequest.js';
import type { AnyInput as _google_protobuf_AnyInput, Any as _google_protobuf_Any } from './google/protobuf/Any.js';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  containerd: {
    services: {
      containers: {
        v1: {
          Container: MessageTypeDefinition<_containerd_services_containers_v1_ContainerInput, _containerd_services_containers_v1_Container>
          Containers: SubtypeConstructor<typeof grpc.Client, _containerd_services_containers_v1_ContainersClient> & { service: _containerd_services_containers_v1_ContainersDefinition }
          GetContainerRequest: MessageTypeDefinition<_containerd_services_containers_v1_GetContainerRequestInput, _containerd_services_containers_v1_GetContainerRequest>
          GetContainerResponse: MessageTypeDefinition<_containerd_services_containers_v1_GetContainerResponseInput, _containerd_services_containers_v1_GetContainerResponse>
          ListContainerMessage: MessageTypeDefinition<_containerd_services_containers_v1_ListContainerMessageInput, _containerd_services_containers_v1_ListContainerMessage>
          ListContainersRequest: MessageTypeDefinition<_containerd_services_containers_v1_ListContainersRequestInput, _containerd_services_containers_v1_ListContainersRequest>
        }
      }
    }
  }
  google: {
    protobuf: {
      Any: MessageTypeDefinition<_google_protobuf_AnyInput, _google_protobuf_Any>
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInput, _google_protobuf_Timestamp>
    }
  }
}


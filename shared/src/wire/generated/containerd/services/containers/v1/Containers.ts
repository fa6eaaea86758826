// Original file: proto/containerd/containers.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetContainerRequestInput as _containerd_services_containers_v1_GetContainerRequestInput, GetContainerRequest as _containerd_services_containers_v1_GetContainerRequest } from '../../../../containerd/services/containers/v1/GetContainerRequest.js';
import type { GetContainerResponseInput as _containerd_services_containers_v1_GetContainerResponseInput, GetContainerResponse as _containerd_services_containers_v1_GetContainerResponse } from '../../../../containerd/services/containers/v1/GetContainerResponse.js';
import type { ListContainerMessageInput as _containerd_services_containers_v1_ListContainerMessageInput, ListContainerMessage as _containerd_services_containers_v1_ListContainerMessage } from '../../../../containerd/services/containers/v1/ListContainerMessage.js';
import type { ListContainersRequestInput as _containerd_services_containers_v1_ListContainersRequestInput, ListContainersRequest as _containerd_services_containers_v1_ListContainersRequest } from '../../../../containerd/services/containers/v1/ListContainersRequest.js';

export interface ContainersClient extends grpc.Client {
  Get(argument: _containerd_services_containers_v1_GetContainerRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_containers_v1_GetContainerResponse>): grpc.ClientUnaryCall;
  Get(argument: _containerd_services_containers_v1_GetContainerRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_containers_v1_GetContainerResponse>): grpc.ClientUnaryCall;
  Get(argument: _containerd_services_containers_v1_GetContainerRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_containers_v1_GetContainerResponse>): grpc.ClientUnaryCall;
  Get(argument: _containerd_services_containers_v1_GetContainerRequestInput, callback: grpc.requestCallback<_containerd_services_containers_v1_GetContainerResponse>): grpc.ClientUnaryCall;
  get(argument: _containerd_services_containers_v1_GetContainerRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_containers_v1_GetContainerResponse>): grpc.ClientUnaryCall;
  get(argument: _containerd_services_containers_v1_GetContainerRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_containers_v1_GetContainerResponse>): grpc.ClientUnaryCall;
  get(argument: _containerd_services_containers_v1_GetContainerRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_containers_v1_GetContainerResponse>): grpc.ClientUnaryCall;
  get(argument: _containerd_services_containers_v1_GetContainerRequestInput, callback: grpc.requestCallback<_containerd_services_containers_v1_GetContainerResponse>): grpc.ClientUnaryCall;
  
  /**
   * One message per container: a list of many would not fit into one.
   */
  ListStream(argument: _containerd_services_containers_v1_ListContainersRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_containerd_services_containers_v1_ListContainerMessage>;
  ListStream(argument: _containerd_services_containers_v1_ListContainersRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_containerd_services_containers_v1_ListContainerMessage>;
  /**
   * One message per container: a list of many would not fit into one.
   */
  listStream(argument: _containerd_services_containers_v1_ListContainersRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_containerd_services_containers_v1_ListContainerMessage>;
  listStream(argument: _containerd_services_containers_v1_ListContainersRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_containerd_services_containers_v1_ListContainerMessage>;
  
}

export interface ContainersHandlers extends grpc.UntypedServiceImplementation {
  Get: grpc.handleUnaryCall<_containerd_services_containers_v1_GetContainerRequest, _containerd_services_containers_v1_GetContainerResponseInput>;
  
  /**
   * One message per container: a list of many would not fit into one.
   */
  ListStream: grpc.handleServerStreamingCall<_containerd_services_containers_v1_ListContainersRequest, _containerd_services_containers_v1_ListContainerMessageInput>;
  
}

export interface ContainersDefinition extends grpc.ServiceDefinition {
  Get: MethodDefinition<_containerd_services_containers_v1_GetContainerRequestInput, _containerd_services_containers_v1_GetContainerResponseInput, _containerd_services_containers_v1_GetContainerRequest, _containerd_services_containers_v1_GetContainerResponse>
  ListStream: MethodDefinition<_containerd_services_containers_v1_ListContainersRequestInput, _containerd_services_containers_v1_ListContainerMessageInput, _containerd_services_containers_v1_ListContainersRequest, _containerd_services_containers_v1_ListContainerMessage>
}

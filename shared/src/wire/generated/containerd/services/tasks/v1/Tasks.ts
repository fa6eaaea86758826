// Original file: proto/containerd/tasks.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetRequestInput as _containerd_services_tasks_v1_GetRequestInput, GetRequest as _containerd_services_tasks_v1_GetRequest } from '../../../../containerd/services/tasks/v1/GetRequest.js';
import type { GetResponseInput as _containerd_services_tasks_v1_GetResponseInput, GetResponse as _containerd_services_tasks_v1_GetResponse } from '../../../../containerd/services/tasks/v1/GetResponse.js';
import type { ListTasksRequestInput as _containerd_services_tasks_v1_ListTasksRequestInput, ListTasksRequest as _containerd_services_tasks_v1_ListTasksRequest } from '../../../../containerd/services/tasks/v1/ListTasksRequest.js';
import type { ListTasksResponseInput as _containerd_services_tasks_v1_ListTasksResponseInput, ListTasksResponse as _containerd_services_tasks_v1_ListTasksResponse } from '../../../../containerd/services/tasks/v1/ListTasksResponse.js';

export interface TasksClient extends grpc.Client {
  Get(argument: _containerd_services_tasks_v1_GetRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_tasks_v1_GetResponse>): grpc.ClientUnaryCall;
  Get(argument: _containerd_services_tasks_v1_GetRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_tasks_v1_GetResponse>): grpc.ClientUnaryCall;
  Get(argument: _containerd_services_tasks_v1_GetRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_tasks_v1_GetResponse>): grpc.ClientUnaryCall;
  Get(argument: _containerd_services_tasks_v1_GetRequestInput, callback: grpc.requestCallback<_containerd_services_tasks_v1_GetResponse>): grpc.ClientUnaryCall;
  get(argument: _containerd_services_tasks_v1_GetRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_tasks_v1_GetResponse>): grpc.ClientUnaryCall;
  get(argument: _containerd_services_tasks_v1_GetRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_tasks_v1_GetResponse>): grpc.ClientUnaryCall;
  get(argument: _containerd_services_tasks_v1_GetRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_tasks_v1_GetResponse>): grpc.ClientUnaryCall;
  get(argument: _containerd_services_tasks_v1_GetRequestInput, callback: grpc.requestCallback<_containerd_services_tasks_v1_GetResponse>): grpc.ClientUnaryCall;
  
  List(argument: _containerd_services_tasks_v1_ListTasksRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_tasks_v1_ListTasksResponse>): grpc.ClientUnaryCall;
  List(argument: _containerd_services_tasks_v1_ListTasksRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_tasks_v1_ListTasksResponse>): grpc.ClientUnaryCall;
  List(argument: _containerd_services_tasks_v1_ListTasksRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_tasks_v1_ListTasksResponse>): grpc.ClientUnaryCall;
  List(argument: _containerd_services_tasks_v1_ListTasksRequestInput, callback: grpc.requestCallback<_containerd_services_tasks_v1_ListTasksResponse>): grpc.ClientUnaryCall;
  list(argument: _containerd_services_tasks_v1_ListTasksRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_tasks_v1_ListTasksResponse>): grpc.ClientUnaryCall;
  list(argument: _containerd_services_tasks_v1_ListTasksRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_tasks_v1_ListTasksResponse>): grpc.ClientUnaryCall;
  list(argument: _containerd_services_tasks_v1_ListTasksRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_tasks_v1_ListTasksResponse>): grpc.ClientUnaryCall;
  list(argument: _containerd_services_tasks_v1_ListTasksRequestInput, callback: grpc.requestCallback<_containerd_services_tasks_v1_ListTasksResponse>): grpc.ClientUnaryCall;
  
}

export interface TasksHandlers extends grpc.UntypedServiceImplementation {
  Get: grpc.handleUnaryCall<_containerd_services_tasks_v1_GetRequest, _containerd_services_tasks_v1_GetResponseInput>;
  
  List: grpc.handleUnaryCall<_containerd_services_tasks_v1_ListTasksRequest, _containerd_services_tasks_v1_ListTasksResponseInput>;
  
}

export interface TasksDefinition extends grpc.ServiceDefinition {
  Get: MethodDefinition<_containerd_services_tasks_v1_GetRequestInput, _containerd_services_tasks_v1_GetResponseInput, _containerd_services_tasks_v1_GetRequest, _containerd_services_tasks_v1_GetResponse>
  List: MethodDefinition<_containerd_services_tasks_v1_ListTasksRequestInput, _containerd_services_tasks_v1_ListTasksResponseInput, _containerd_services_tasks_v1_ListTasksRequest, _containerd_services_tasks_v1_ListTasksResponse>
}

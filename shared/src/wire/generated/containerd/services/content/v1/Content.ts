// Original file: proto/containerd/content.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { InfoRequestInput as _containerd_services_content_v1_InfoRequestInput, InfoRequest as _containerd_services_content_v1_InfoRequest } from '../../../../containerd/services/content/v1/InfoRequest.js';
import type { InfoResponseInput as _containerd_services_content_v1_InfoResponseInput, InfoResponse as _containerd_services_content_v1_InfoResponse } from '../../../../containerd/services/content/v1/InfoResponse.js';
import type { ReadContentRequestInput as _containerd_services_content_v1_ReadContentRequestInput, ReadContentRequest as _containerd_services_content_v1_ReadContentRequest } from '../../../../containerd/services/content/v1/ReadContentRequest.js';
import type { ReadContentResponseInput as _containerd_services_content_v1_ReadContentResponseInput, ReadContentResponse as _containerd_services_content_v1_ReadContentResponse } from '../../../../containerd/services/content/v1/ReadContentResponse.js';

export interface ContentClient extends grpc.Client {
  Info(argument: _containerd_services_content_v1_InfoRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_content_v1_InfoResponse>): grpc.ClientUnaryCall;
  Info(argument: _containerd_services_content_v1_InfoRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_content_v1_InfoResponse>): grpc.ClientUnaryCall;
  Info(argument: _containerd_services_content_v1_InfoRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_content_v1_InfoResponse>): grpc.ClientUnaryCall;
  Info(argument: _containerd_services_content_v1_InfoRequestInput, callback: grpc.requestCallback<_containerd_services_content_v1_InfoResponse>): grpc.ClientUnaryCall;
  info(argument: _containerd_services_content_v1_InfoRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_content_v1_InfoResponse>): grpc.ClientUnaryCall;
  info(argument: _containerd_services_content_v1_InfoRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_content_v1_InfoResponse>): grpc.ClientUnaryCall;
  info(argument: _containerd_services_content_v1_InfoRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_content_v1_InfoResponse>): grpc.ClientUnaryCall;
  info(argument: _containerd_services_content_v1_InfoRequestInput, callback: grpc.requestCallback<_containerd_services_content_v1_InfoResponse>): grpc.ClientUnaryCall;
  
  Read(argument: _containerd_services_content_v1_ReadContentRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_containerd_services_content_v1_ReadContentResponse>;
  Read(argument: _containerd_services_content_v1_ReadContentRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_containerd_services_content_v1_ReadContentResponse>;
  read(argument: _containerd_services_content_v1_ReadContentRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_containerd_services_content_v1_ReadContentResponse>;
  read(argument: _containerd_services_content_v1_ReadContentRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_containerd_services_content_v1_ReadContentResponse>;
  
}

export interface ContentHandlers extends grpc.UntypedServiceImplementation {
  Info: grpc.handleUnaryCall<_containerd_services_content_v1_InfoRequest, _containerd_services_content_v1_InfoResponseInput>;
  
  Read: grpc.handleServerStreamingCall<_containerd_services_content_v1_ReadContentRequest, _containerd_services_content_v1_ReadContentResponseInput>;
  
}

export interface ContentDefinition extends grpc.ServiceDefinition {
  Info: MethodDefinition<_containerd_services_content_v1_InfoRequestInput, _containerd_services_content_v1_InfoResponseInput, _containerd_services_content_v1_InfoRequest, _containerd_services_content_v1_InfoResponse>
  Read: MethodDefinition<_containerd_services_content_v1_ReadContentRequestInput, _containerd_services_content_v1_ReadContentResponseInput, _containerd_services_content_v1_ReadContentRequest, _containerd_services_content_v1_ReadContentResponse>
}

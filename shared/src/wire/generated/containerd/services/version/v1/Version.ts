// Original file: proto/containerd/version.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { EmptyInput as _google_protobuf_EmptyInput, Empty as _google_protobuf_Empty } from '../../../../google/protobuf/Empty.js';
import type { VersionResponseInput as _containerd_services_version_v1_VersionResponseInput, VersionResponse as _containerd_services_version_v1_VersionResponse } from '../../../../containerd/services/version/v1/VersionResponse.js';

export interface VersionClient extends grpc.Client {
  Version(argument: _google_protobuf_EmptyInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_version_v1_VersionResponse>): grpc.ClientUnaryCall;
  Version(argument: _google_protobuf_EmptyInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_version_v1_VersionResponse>): grpc.ClientUnaryCall;
  Version(argument: _google_protobuf_EmptyInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_version_v1_VersionResponse>): grpc.ClientUnaryCall;
  Version(argument: _google_protobuf_EmptyInput, callback: grpc.requestCallback<_containerd_services_version_v1_VersionResponse>): grpc.ClientUnaryCall;
  version(argument: _google_protobuf_EmptyInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_version_v1_VersionResponse>): grpc.ClientUnaryCall;
  version(argument: _google_protobuf_EmptyInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_version_v1_VersionResponse>): grpc.ClientUnaryCall;
  version(argument: _google_protobuf_EmptyInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_version_v1_VersionResponse>): grpc.ClientUnaryCall;
  version(argument: _google_protobuf_EmptyInput, callback: grpc.requestCallback<_containerd_services_version_v1_VersionResponse>): grpc.ClientUnaryCall;
  
}

export interface VersionHandlers extends grpc.UntypedServiceImplementation {
  Version: grpc.handleUnaryCall<_google_protobuf_Empty, _containerd_services_version_v1_VersionResponseInput>;
  
}

export interface VersionDefinition extends grpc.ServiceDefinition {
  Version: MethodDefinition<_google_protobuf_EmptyInput, _containerd_services_version_v1_VersionResponseInput, _google_protobuf_Empty, _containerd_services_version_v1_VersionResponse>
}

// Original file: proto/containerd/snapshots.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { MountsRequestInput as _containerd_services_snapshots_v1_MountsRequestInput, MountsRequest as _containerd_services_snapshots_v1_MountsRequest } from '../../../../containerd/services/snapshots/v1/MountsRequest.js';
import type { MountsResponseInput as _containerd_services_snapshots_v1_MountsResponseInput, MountsResponse as _containerd_services_snapshots_v1_MountsResponse } from '../../../../containerd/services/snapshots/v1/MountsResponse.js';
import type { StatSnapshotRequestInput as _containerd_services_snapshots_v1_StatSnapshotRequestInput, StatSnapshotRequest as _containerd_services_snapshots_v1_StatSnapshotRequest } from '../../../../containerd/services/snapshots/v1/StatSnapshotRequest.js';
import type { StatSnapshotResponseInput as _containerd_services_snapshots_v1_StatSnapshotResponseInput, StatSnapshotResponse as _containerd_services_snapshots_v1_StatSnapshotResponse } from '../../../../containerd/services/snapshots/v1/StatSnapshotResponse.js';

export interface SnapshotsClient extends grpc.Client {
  /**
   * How an active snapshot or a view would be mounted; mounts nothing.
   */
  Mounts(argument: _containerd_services_snapshots_v1_MountsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_snapshots_v1_MountsResponse>): grpc.ClientUnaryCall;
  Mounts(argument: _containerd_services_snapshots_v1_MountsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_snapshots_v1_MountsResponse>): grpc.ClientUnaryCall;
  Mounts(argument: _containerd_services_snapshots_v1_MountsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_snapshots_v1_MountsResponse>): grpc.ClientUnaryCall;
  Mounts(argument: _containerd_services_snapshots_v1_MountsRequestInput, callback: grpc.requestCallback<_containerd_services_snapshots_v1_MountsResponse>): grpc.ClientUnaryCall;
  /**
   * How an active snapshot or a view would be mounted; mounts nothing.
   */
  mounts(argument: _containerd_services_snapshots_v1_MountsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_snapshots_v1_MountsResponse>): grpc.ClientUnaryCall;
  mounts(argument: _containerd_services_snapshots_v1_MountsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_snapshots_v1_MountsResponse>): grpc.ClientUnaryCall;
  mounts(argument: _containerd_services_snapshots_v1_MountsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_snapshots_v1_MountsResponse>): grpc.ClientUnaryCall;
  mounts(argument: _containerd_services_snapshots_v1_MountsRequestInput, callback: grpc.requestCallback<_containerd_services_snapshots_v1_MountsResponse>): grpc.ClientUnaryCall;
  
  Stat(argument: _containerd_services_snapshots_v1_StatSnapshotRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_snapshots_v1_StatSnapshotResponse>): grpc.ClientUnaryCall;
  Stat(argument: _containerd_services_snapshots_v1_StatSnapshotRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_snapshots_v1_StatSnapshotResponse>): grpc.ClientUnaryCall;
  Stat(argument: _containerd_services_snapshots_v1_StatSnapshotRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_snapshots_v1_StatSnapshotResponse>): grpc.ClientUnaryCall;
  Stat(argument: _containerd_services_snapshots_v1_StatSnapshotRequestInput, callback: grpc.requestCallback<_containerd_services_snapshots_v1_StatSnapshotResponse>): grpc.ClientUnaryCall;
  stat(argument: _containerd_services_snapshots_v1_StatSnapshotRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_snapshots_v1_StatSnapshotResponse>): grpc.ClientUnaryCall;
  stat(argument: _containerd_services_snapshots_v1_StatSnapshotRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_services_snapshots_v1_StatSnapshotResponse>): grpc.ClientUnaryCall;
  stat(argument: _containerd_services_snapshots_v1_StatSnapshotRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_services_snapshots_v1_StatSnapshotResponse>): grpc.ClientUnaryCall;
  stat(argument: _containerd_services_snapshots_v1_StatSnapshotRequestInput, callback: grpc.requestCallback<_containerd_services_snapshots_v1_StatSnapshotResponse>): grpc.ClientUnaryCall;
  
}

export interface SnapshotsHandlers extends grpc.UntypedServiceImplementation {
  /**
   * How an active snapshot or a view would be mounted; mounts nothing.
   */
  Mounts: grpc.handleUnaryCall<_containerd_services_snapshots_v1_MountsRequest, _containerd_services_snapshots_v1_MountsResponseInput>;
  
  Stat: grpc.handleUnaryCall<_containerd_services_snapshots_v1_StatSnapshotRequest, _containerd_services_snapshots_v1_StatSnapshotResponseInput>;
  
}

export interface SnapshotsDefinition extends grpc.ServiceDefinition {
  Mounts: MethodDefinition<_containerd_services_snapshots_v1_MountsRequestInput, _containerd_services_snapshots_v1_MountsResponseInput, _containerd_services_snapshots_v1_MountsRequest, _containerd_services_snapshots_v1_MountsResponse>
  Stat: MethodDefinition<_containerd_services_snapshots_v1_StatSnapshotRequestInput, _containerd_services_snapshots_v1_StatSnapshotResponseInput, _containerd_services_snapshots_v1_StatSnapshotRequest, _containerd_services_snapshots_v1_StatSnapshotResponse>
}

import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { InfoInput as _containerd_services_snapshots_v1_InfoInput, Info as _containerd_services_snapshots_v1_Info } from './containerd/services/snapshots/v1/Info.js';
import type { MountsRequestInput as _containerd_services_snapshots_v1_MountsRequestInput, MountsRequest as _containerd_services_snapshots_v1_MountsRequest } from './containerd/services/snapshots/v1/MountsRequest.js';
import type { MountsResponseInput as _containerd_services_snapshots_v1_MountsResponseInput, MountsResponse as _containerd_services_snapshots_v1_MountsResponse } from './containerd/services/snapshots/v1/MountsResponse.js';
import type { SnapshotsClient as _containerd_services_snapshots_v1_SnapshotsClient, SnapshotsDefinition as _containerd_services_snapshots_v1_SnapshotsDefinition } from './containerd/services/snapshots/v1/Snapshots.js';
import type { StatSnapshotRequestInput as _containerd_services_snapshots_v1_StatSnapshotRequestInput, StatSnapshotRequest as _containerd_services_snapshots_v1_StatSnapshotRequest } from './containerd/services/snapshots/v1/StatSnapshotRequest.js';
import type { StatSnapshotResponseInput as _containerd_services_snapshots_v1_StatSnapshotResponseInput, StatSnapshotResponse as _containerd_services_snapshots_v1_StatSnapshotResponse } from './containerd/services/snapshots/v1/StatSnapshotResponse.js';
import type { DescriptorInput as _containerd_types_DescriptorInput, Descriptor as _containerd_types_Descriptor } from './containerd/types/Descriptor.js';
import type { MountInput as _containerd_types_MountInput, Mount as _containerd_types_Mount } from './containerd/types/Mount.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  containerd: {
    services: {
      snapshots: {
        v1: {
          Info: MessageTypeDefinition<_containerd_services_snapshots_v1_InfoInput, _containerd_services_snapshots_v1_Info>
          Kind: EnumTypeDefinition
          MountsRequest: MessageTypeDefinition<_containerd_services_snapshots_v1_MountsRequestInput, _containerd_services_snapshots_v1_MountsRequest>
          MountsResponse: MessageTypeDefinition<_containerd_services_snapshots_v1_MountsResponseInput, _containerd_services_snapshots_v1_MountsResponse>
          Snapshots: SubtypeConstructor<typeof grpc.Client, _containerd_services_snapshots_v1_SnapshotsClient> & { service: _containerd_services_snapshots_v1_SnapshotsDefinition }
          StatSnapshotRequest: MessageTypeDefinition<_containerd_services_snapshots_v1_StatSnapshotRequestInput, _containerd_services_snapshots_v1_StatSnapshotRequest>
          StatSnapshotResponse: MessageTypeDefinition<_containerd_services_snapshots_v1_StatSnapshotResponseInput, _containerd_services_snapshots_v1_StatSnapshotResponse>
        }
      }
    }
    types: {
      Descriptor: MessageTypeDefinition<_containerd_types_DescriptorInput, _containerd_types_Descriptor>
      Mount: MessageTypeDefinition<_containerd_types_MountInput, _containerd_types_Mount>
    }
  }
}


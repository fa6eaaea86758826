// Original file: proto/containerd/snapshots.proto

import type { InfoInput as _containerd_services_snapshots_v1_InfoInput, Info as _containerd_services_snapshots_v1_Info } from '../../../../containerd/services/snapshots/v1/Info.js';

export interface StatSnapshotResponseInput {
  'info'?: (_containerd_services_snapshots_v1_InfoInput | null);
}

export interface StatSnapshotResponse {
  'info': (_containerd_services_snapshots_v1_Info | null);
}

// Original file: proto/containerd/snapshots.proto

import type { KindInput as _containerd_services_snapshots_v1_KindInput, Kind as _containerd_services_snapshots_v1_Kind } from '../../../../containerd/services/snapshots/v1/Kind.js';

export interface InfoInput {
  'name'?: (string);
  'parent'?: (string);
  'kind'?: (_containerd_services_snapshots_v1_KindInput);
}

export interface Info {
  'name': (string);
  'parent': (string);
  'kind': (_containerd_services_snapshots_v1_Kind);
}

// Original file: proto/containerd/snapshots.proto

import type { MountInput as _containerd_types_MountInput, Mount as _containerd_types_Mount } from '../../../../containerd/types/Mount.js';

export interface MountsResponseInput {
  'mounts'?: (_containerd_types_MountInput)[];
}

export interface MountsResponse {
  'mounts': (_containerd_types_Mount)[];
}

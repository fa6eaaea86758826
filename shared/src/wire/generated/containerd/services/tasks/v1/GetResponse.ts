// Original file: proto/containerd/tasks.proto

import type { ProcessInput as _containerd_v1_types_ProcessInput, Process as _containerd_v1_types_Process } from '../../../../containerd/v1/types/Process.js';

export interface GetResponseInput {
  'process'?: (_containerd_v1_types_ProcessInput | null);
}

export interface GetResponse {
  'process': (_containerd_v1_types_Process | null);
}

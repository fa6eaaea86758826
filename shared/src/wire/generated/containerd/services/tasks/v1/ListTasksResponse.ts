// Original file: proto/containerd/tasks.proto

import type { ProcessInput as _containerd_v1_types_ProcessInput, Process as _containerd_v1_types_Process } from '../../../../containerd/v1/types/Process.js';

export interface ListTasksResponseInput {
  'tasks'?: (_containerd_v1_types_ProcessInput)[];
}

export interface ListTasksResponse {
  'tasks': (_containerd_v1_types_Process)[];
}

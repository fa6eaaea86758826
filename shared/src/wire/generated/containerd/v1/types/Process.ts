// Original file: proto/containerd/task.proto

import type { StatusInput as _containerd_v1_types_StatusInput, Status as _containerd_v1_types_Status } from '../../../containerd/v1/types/Status.js';

export interface ProcessInput {
  /**
   * Filled by some versions only; the same as `id` for a container's first process.
   */
  'containerId'?: (string);
  'id'?: (string);
  'pid'?: (number);
  'status'?: (_containerd_v1_types_StatusInput);
}

export interface Process {
  /**
   * Filled by some versions only; the same as `id` for a container's first process.
   */
  'containerId': (string);
  'id': (string);
  'pid': (number);
  'status': (_containerd_v1_types_Status);
}

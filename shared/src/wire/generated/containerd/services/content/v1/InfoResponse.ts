// Original file: proto/containerd/content.proto

import type { InfoInput as _containerd_services_content_v1_InfoInput, Info as _containerd_services_content_v1_Info } from '../../../../containerd/services/content/v1/Info.js';

export interface InfoResponseInput {
  'info'?: (_containerd_services_content_v1_InfoInput | null);
}

export interface InfoResponse {
  'info': (_containerd_services_content_v1_Info | null);
}

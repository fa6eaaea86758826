// Original file: proto/containerd/content.proto

import type { Long } from '@grpc/proto-loader';

export interface InfoInput {
  'digest'?: (string);
  'size'?: (number | string | Long);
}

export interface Info {
  'digest': (string);
  'size': (string);
}

// Original file: proto/containerd/types.proto

import type { Long } from '@grpc/proto-loader';

export interface DescriptorInput {
  'mediaType'?: (string);
  'digest'?: (string);
  'size'?: (number | string | Long);
}

export interface Descriptor {
  'mediaType': (string);
  'digest': (string);
  'size': (string);
}

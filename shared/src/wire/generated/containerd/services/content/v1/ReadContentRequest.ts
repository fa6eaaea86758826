// Original file: proto/containerd/content.proto

import type { Long } from '@grpc/proto-loader';

export interface ReadContentRequestInput {
  'digest'?: (string);
  'offset'?: (number | string | Long);
  /**
   * 0 for all that follows the offset.
   */
  'size'?: (number | string | Long);
}

export interface ReadContentRequest {
  'digest': (string);
  'offset': (string);
  /**
   * 0 for all that follows the offset.
   */
  'size': (string);
}

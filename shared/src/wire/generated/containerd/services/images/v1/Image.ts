// Original file: proto/containerd/images.proto

import type { DescriptorInput as _containerd_types_DescriptorInput, Descriptor as _containerd_types_Descriptor } from '../../../../containerd/types/Descriptor.js';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../../../google/protobuf/Timestamp.js';

export interface ImageInput {
  'name'?: (string);
  'labels'?: ({[key: string]: string});
  'target'?: (_containerd_types_DescriptorInput | null);
  'createdAt'?: (_google_protobuf_TimestampInput | null);
  'updatedAt'?: (_google_protobuf_TimestampInput | null);
}

export interface Image {
  'name': (string);
  'labels': ({[key: string]: string});
  'target': (_containerd_types_Descriptor | null);
  'createdAt': (_google_protobuf_Timestamp | null);
  'updatedAt': (_google_protobuf_Timestamp | null);
}

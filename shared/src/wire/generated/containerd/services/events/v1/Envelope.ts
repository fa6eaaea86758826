// Original file: proto/containerd/events.proto

import type { AnyInput as _google_protobuf_AnyInput, Any as _google_protobuf_Any } from '../../../../google/protobuf/Any.js';

export interface EnvelopeInput {
  'namespace'?: (string);
  'topic'?: (string);
  'event'?: (_google_protobuf_AnyInput | null);
}

export interface Envelope {
  'namespace': (string);
  'topic': (string);
  'event': (_google_protobuf_Any | null);
}

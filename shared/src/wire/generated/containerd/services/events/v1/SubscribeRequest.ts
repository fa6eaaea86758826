// Original file: proto/containerd/events.proto


export interface SubscribeRequestInput {
  'filters'?: (string)[];
}

export interface SubscribeRequest {
  'filters': (string)[];
}

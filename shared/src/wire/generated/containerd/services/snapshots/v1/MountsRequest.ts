// Original file: proto/containerd/snapshots.proto


export interface MountsRequestInput {
  'snapshotter'?: (string);
  'key'?: (string);
}

export interface MountsRequest {
  'snapshotter': (string);
  'key': (string);
}

// Original file: proto/containerd/snapshots.proto


export interface StatSnapshotRequestInput {
  'snapshotter'?: (string);
  'key'?: (string);
}

export interface StatSnapshotRequest {
  'snapshotter': (string);
  'key': (string);
}

// Original file: proto/containerd/event_bodies.proto


/**
 * snapshot/prepare, /snapshot/commit, /snapshot/remove
 */
export interface SnapshotEventInput {
  'key'?: (string);
  /**
   * From 1.7 on.
   */
  'snapshotter'?: (string);
}

/**
 * snapshot/prepare, /snapshot/commit, /snapshot/remove
 */
export interface SnapshotEvent {
  'key': (string);
  /**
   * From 1.7 on.
   */
  'snapshotter': (string);
}

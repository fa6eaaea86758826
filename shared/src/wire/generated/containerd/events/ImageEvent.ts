// Original file: proto/containerd/event_bodies.proto


/**
 * images/create, /images/update, /images/delete
 */
export interface ImageEventInput {
  'name'?: (string);
}

/**
 * images/create, /images/update, /images/delete
 */
export interface ImageEvent {
  'name': (string);
}

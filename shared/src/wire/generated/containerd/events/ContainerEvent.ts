// Original file: proto/containerd/event_bodies.proto


/**
 * containers/create, /containers/update, /containers/delete
 */
export interface ContainerEventInput {
  'id'?: (string);
}

/**
 * containers/create, /containers/update, /containers/delete
 */
export interface ContainerEvent {
  'id': (string);
}

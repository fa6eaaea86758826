// Original file: proto/containerd/event_bodies.proto


/**
 * tasks/create
 */
export interface TaskCreateInput {
  'containerId'?: (string);
  'pid'?: (number);
}

/**
 * tasks/create
 */
export interface TaskCreate {
  'containerId': (string);
  'pid': (number);
}

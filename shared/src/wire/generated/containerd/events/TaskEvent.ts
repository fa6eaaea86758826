// Original file: proto/containerd/event_bodies.proto


/**
 * tasks/start, /tasks/delete
 */
export interface TaskEventInput {
  'containerId'?: (string);
  'pid'?: (number);
}

/**
 * tasks/start, /tasks/delete
 */
export interface TaskEvent {
  'containerId': (string);
  'pid': (number);
}

// Original file: proto/containerd/event_bodies.proto


/**
 * tasks/exit
 */
export interface TaskExitInput {
  'containerId'?: (string);
  /**
   * Another than the container's for a process that was added by exec.
   */
  'id'?: (string);
  'pid'?: (number);
}

/**
 * tasks/exit
 */
export interface TaskExit {
  'containerId': (string);
  /**
   * Another than the container's for a process that was added by exec.
   */
  'id': (string);
  'pid': (number);
}

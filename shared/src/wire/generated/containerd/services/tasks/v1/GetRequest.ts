// Original file: proto/containerd/tasks.proto


export interface GetRequestInput {
  'containerId'?: (string);
}

export interface GetRequest {
  'containerId': (string);
}

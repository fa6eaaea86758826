// Original file: proto/containerd/containers.proto


export interface ListContainersRequestInput {
  'filters'?: (string)[];
}

export interface ListContainersRequest {
  'filters': (string)[];
}

// Original file: proto/containerd/containers.proto


export interface GetContainerRequestInput {
  'id'?: (string);
}

export interface GetContainerRequest {
  'id': (string);
}

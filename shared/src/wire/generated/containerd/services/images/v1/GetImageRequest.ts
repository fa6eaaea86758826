// Original file: proto/containerd/images.proto


export interface GetImageRequestInput {
  'name'?: (string);
}

export interface GetImageRequest {
  'name': (string);
}

// Original file: proto/containerd/images.proto


export interface ListImagesRequestInput {
  'filters'?: (string)[];
}

export interface ListImagesRequest {
  'filters': (string)[];
}

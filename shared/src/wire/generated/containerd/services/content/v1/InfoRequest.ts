// Original file: proto/containerd/content.proto


export interface InfoRequestInput {
  'digest'?: (string);
}

export interface InfoRequest {
  'digest': (string);
}

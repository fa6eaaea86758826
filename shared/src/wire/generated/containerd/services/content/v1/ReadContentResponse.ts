// Original file: proto/containerd/content.proto


export interface ReadContentResponseInput {
  'data'?: (Buffer | Uint8Array | string);
}

export interface ReadContentResponse {
  'data': (Buffer);
}

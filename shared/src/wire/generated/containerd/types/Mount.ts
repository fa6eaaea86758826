// Original file: proto/containerd/types.proto


export interface MountInput {
  'type'?: (string);
  'source'?: (string);
  'options'?: (string)[];
}

export interface Mount {
  'type': (string);
  'source': (string);
  'options': (string)[];
}

// Original file: proto/containerd/version.proto


export interface VersionResponseInput {
  'version'?: (string);
}

export interface VersionResponse {
  'version': (string);
}

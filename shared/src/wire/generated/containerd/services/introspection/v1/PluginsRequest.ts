// Original file: proto/containerd/introspection.proto


export interface PluginsRequestInput {
  'filters'?: (string)[];
}

export interface PluginsRequest {
  'filters': (string)[];
}

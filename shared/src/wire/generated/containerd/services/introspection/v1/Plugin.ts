// Original file: proto/containerd/introspection.proto


export interface PluginInput {
  'type'?: (string);
  'id'?: (string);
  /**
   * What the plugin tells about itself; `root` is the directory it keeps its files in.
   */
  'exports'?: ({[key: string]: string});
}

export interface Plugin {
  'type': (string);
  'id': (string);
  /**
   * What the plugin tells about itself; `root` is the directory it keeps its files in.
   */
  'exports': ({[key: string]: string});
}

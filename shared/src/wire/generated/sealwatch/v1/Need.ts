// Original file: proto/sealwatch/v1/agent.proto


export interface NeedInput {
  /**
   * sha256:HEX of measurement bodies.
   */
  'digests'?: (string)[];
}

export interface Need {
  /**
   * sha256:HEX of measurement bodies.
   */
  'digests': (string)[];
}

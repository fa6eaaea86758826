// Original file: proto/sealwatch/v1/agent.proto


export interface BodyInput {
  /**
   * sha256:HEX of the uncompressed bytes.
   */
  'digest'?: (string);
  /**
   * The measurement's JSON, raw deflate.
   */
  'deflated'?: (Buffer | Uint8Array | string);
}

export interface Body {
  /**
   * sha256:HEX of the uncompressed bytes.
   */
  'digest': (string);
  /**
   * The measurement's JSON, raw deflate.
   */
  'deflated': (Buffer);
}

// Original file: proto/sealwatch/v1/enrollment.proto


export interface RenewResponseInput {
  /**
   * Empty if the signing certificate was not asked to be renewed.
   */
  'signingChain'?: (Buffer | Uint8Array | string)[];
  'tlsChain'?: (Buffer | Uint8Array | string)[];
}

export interface RenewResponse {
  /**
   * Empty if the signing certificate was not asked to be renewed.
   */
  'signingChain': (Buffer)[];
  'tlsChain': (Buffer)[];
}

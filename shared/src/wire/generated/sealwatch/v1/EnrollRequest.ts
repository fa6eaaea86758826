// Original file: proto/sealwatch/v1/enrollment.proto


export interface EnrollRequestInput {
  'token'?: (string);
  /**
   * PKCS#10, DER.
   */
  'signingCsr'?: (Buffer | Uint8Array | string);
  'tlsCsr'?: (Buffer | Uint8Array | string);
  'agentVersion'?: (string);
}

export interface EnrollRequest {
  'token': (string);
  /**
   * PKCS#10, DER.
   */
  'signingCsr': (Buffer);
  'tlsCsr': (Buffer);
  'agentVersion': (string);
}

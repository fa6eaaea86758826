// Original file: proto/sealwatch/v1/envelope.proto


export interface SignatureInput {
  /**
   * SHA-256 of the SubjectPublicKeyInfo, lower-case hex.
   */
  'keyid'?: (string);
  'sig'?: (Buffer | Uint8Array | string);
}

export interface Signature {
  /**
   * SHA-256 of the SubjectPublicKeyInfo, lower-case hex.
   */
  'keyid': (string);
  'sig': (Buffer);
}

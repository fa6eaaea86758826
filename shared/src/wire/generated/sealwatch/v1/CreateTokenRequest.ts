// Original file: proto/sealwatch/v1/query.proto


export interface CreateTokenRequestInput {
  'host'?: (string);
  'ttlSeconds'?: (number);
  /**
   * Allow a host that is enrolled already to enrol anew; ends its old certificates when used.
   */
  'replace'?: (boolean);
}

export interface CreateTokenRequest {
  'host': (string);
  'ttlSeconds': (number);
  /**
   * Allow a host that is enrolled already to enrol anew; ends its old certificates when used.
   */
  'replace': (boolean);
}

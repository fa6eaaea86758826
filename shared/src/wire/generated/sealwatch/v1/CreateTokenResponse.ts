// Original file: proto/sealwatch/v1/query.proto


export interface CreateTokenResponseInput {
  'token'?: (string);
  'expiresAt'?: (string);
}

export interface CreateTokenResponse {
  'token': (string);
  'expiresAt': (string);
}

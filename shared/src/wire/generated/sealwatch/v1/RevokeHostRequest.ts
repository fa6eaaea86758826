// Original file: proto/sealwatch/v1/query.proto


export interface RevokeHostRequestInput {
  'host'?: (string);
  'reason'?: (string);
}

export interface RevokeHostRequest {
  'host': (string);
  'reason': (string);
}

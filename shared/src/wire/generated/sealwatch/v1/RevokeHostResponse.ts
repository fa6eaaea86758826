// Original file: proto/sealwatch/v1/query.proto


export interface RevokeHostResponseInput {
  'certificates'?: (number);
  'streamEnded'?: (boolean);
}

export interface RevokeHostResponse {
  'certificates': (number);
  'streamEnded': (boolean);
}

// Original file: proto/sealwatch/v1/query.proto


export interface GetHostRequestInput {
  'name'?: (string);
}

export interface GetHostRequest {
  'name': (string);
}

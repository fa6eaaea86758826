// Original file: proto/sealwatch/v1/query.proto


export interface ListHostsRequestInput {
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListHostsRequest {
  'pageSize': (number);
  'pageToken': (string);
}

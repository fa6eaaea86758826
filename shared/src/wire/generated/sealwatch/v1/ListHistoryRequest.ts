// Original file: proto/sealwatch/v1/query.proto


export interface ListHistoryRequestInput {
  'host'?: (string);
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListHistoryRequest {
  'host': (string);
  'pageSize': (number);
  'pageToken': (string);
}

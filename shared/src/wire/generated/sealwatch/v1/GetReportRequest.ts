// Original file: proto/sealwatch/v1/query.proto


export interface GetReportRequestInput {
  'host'?: (string);
  'epoch'?: (number);
  'sequence'?: (number);
}

export interface GetReportRequest {
  'host': (string);
  'epoch': (number);
  'sequence': (number);
}

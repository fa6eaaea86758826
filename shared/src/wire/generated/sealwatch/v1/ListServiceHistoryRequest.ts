// Original file: proto/sealwatch/v1/query.proto


export interface ListServiceHistoryRequestInput {
  'host'?: (string);
  /**
   * As the policy names it.
   */
  'service'?: (string);
  /**
   * At most 100.
   */
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListServiceHistoryRequest {
  'host': (string);
  /**
   * As the policy names it.
   */
  'service': (string);
  /**
   * At most 100.
   */
  'pageSize': (number);
  'pageToken': (string);
}

// Original file: proto/sealwatch/v1/query.proto


export interface CheckRequestInput {
  /**
   * Hosts to measure and print; empty means all declared hosts. The verdict is the whole cluster's either way.
   */
  'hosts'?: (string)[];
  /**
   * Answer from the last signed evidence without asking the hosts.
   */
  'cached'?: (boolean);
  'timeoutMs'?: (number);
}

export interface CheckRequest {
  /**
   * Hosts to measure and print; empty means all declared hosts. The verdict is the whole cluster's either way.
   */
  'hosts': (string)[];
  /**
   * Answer from the last signed evidence without asking the hosts.
   */
  'cached': (boolean);
  'timeoutMs': (number);
}

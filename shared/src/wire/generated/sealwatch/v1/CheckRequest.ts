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
  /**
   * The day (2026-09-01, UTC) for which certificates of crypto modules are judged; empty means today.
   */
  'asOf'?: (string);
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
  /**
   * The day (2026-09-01, UTC) for which certificates of crypto modules are judged; empty means today.
   */
  'asOf': (string);
}

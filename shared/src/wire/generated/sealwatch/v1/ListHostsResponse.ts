// Original file: proto/sealwatch/v1/query.proto

import type { HostSummaryInput as _sealwatch_v1_HostSummaryInput, HostSummary as _sealwatch_v1_HostSummary } from '../../sealwatch/v1/HostSummary.js';

export interface ListHostsResponseInput {
  'hosts'?: (_sealwatch_v1_HostSummaryInput)[];
  /**
   * Empty on the last page.
   */
  'nextPageToken'?: (string);
}

export interface ListHostsResponse {
  'hosts': (_sealwatch_v1_HostSummary)[];
  /**
   * Empty on the last page.
   */
  'nextPageToken': (string);
}

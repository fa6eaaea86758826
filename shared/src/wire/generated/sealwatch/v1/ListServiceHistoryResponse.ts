// Original file: proto/sealwatch/v1/query.proto

import type { ServiceHistoryEntryInput as _sealwatch_v1_ServiceHistoryEntryInput, ServiceHistoryEntry as _sealwatch_v1_ServiceHistoryEntry } from '../../sealwatch/v1/ServiceHistoryEntry.js';

export interface ListServiceHistoryResponseInput {
  'entries'?: (_sealwatch_v1_ServiceHistoryEntryInput)[];
  /**
   * Empty on the last page, which may be empty itself.
   */
  'nextPageToken'?: (string);
}

export interface ListServiceHistoryResponse {
  'entries': (_sealwatch_v1_ServiceHistoryEntry)[];
  /**
   * Empty on the last page, which may be empty itself.
   */
  'nextPageToken': (string);
}

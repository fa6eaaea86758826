// Original file: proto/sealwatch/v1/query.proto

import type { HistoryEntryInput as _sealwatch_v1_HistoryEntryInput, HistoryEntry as _sealwatch_v1_HistoryEntry } from '../../sealwatch/v1/HistoryEntry.js';

export interface ListHistoryResponseInput {
  'entries'?: (_sealwatch_v1_HistoryEntryInput)[];
  'nextPageToken'?: (string);
}

export interface ListHistoryResponse {
  'entries': (_sealwatch_v1_HistoryEntry)[];
  'nextPageToken': (string);
}

// Original file: proto/sealwatch/v1/query.proto

import type { BodyInput as _sealwatch_v1_BodyInput, Body as _sealwatch_v1_Body } from '../../sealwatch/v1/Body.js';

/**
 * What held from this report on, until the report of the next newer entry. The oldest entry is the first measurement.
 */
export interface ServiceHistoryEntryInput {
  'epoch'?: (number);
  'sequence'?: (number);
  /**
   * RFC 3339; the host's time under signature.
   */
  'signedAt'?: (string);
  'receivedAt'?: (string);
  /**
   * Of the measurement, as the signed report has it; empty if the reports have no such service from here on.
   */
  'digest'?: (string);
  /**
   * The measurement as the agent encoded it; not set if there is none, or the collector has none it can read.
   */
  'body'?: (_sealwatch_v1_BodyInput | null);
  /**
   * Reports right before this one that never came: the change may be theirs.
   */
  'missingReports'?: (number);
  /**
   * Changes of the host that got no report of their own and are summed up in this one.
   */
  'foldedChanges'?: (number);
}

/**
 * What held from this report on, until the report of the next newer entry. The oldest entry is the first measurement.
 */
export interface ServiceHistoryEntry {
  'epoch': (number);
  'sequence': (number);
  /**
   * RFC 3339; the host's time under signature.
   */
  'signedAt': (string);
  'receivedAt': (string);
  /**
   * Of the measurement, as the signed report has it; empty if the reports have no such service from here on.
   */
  'digest': (string);
  /**
   * The measurement as the agent encoded it; not set if there is none, or the collector has none it can read.
   */
  'body': (_sealwatch_v1_Body | null);
  /**
   * Reports right before this one that never came: the change may be theirs.
   */
  'missingReports': (number);
  /**
   * Changes of the host that got no report of their own and are summed up in this one.
   */
  'foldedChanges': (number);
}

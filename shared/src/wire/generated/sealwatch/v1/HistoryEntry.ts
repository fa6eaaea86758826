// Original file: proto/sealwatch/v1/query.proto


export interface HistoryEntryInput {
  'at'?: (string);
  /**
   * report, seal, gap (reports that never came), unproven (time of the host that no evidence covers), folded (a report
   * sums up changes), alarm, enrollment, revocation or verdict.
   */
  'kind'?: (string);
  'epoch'?: (number);
  'sequence'?: (number);
  'verdict'?: (string);
  /**
   * What happened, in words; findings as code, space, subject.
   */
  'details'?: (string)[];
  'digest'?: (string);
  /**
   * Of a report or seal: the host's time under signature, a seal's end. at is when it came. Empty for the others.
   */
  'signedAt'?: (string);
}

export interface HistoryEntry {
  'at': (string);
  /**
   * report, seal, gap (reports that never came), unproven (time of the host that no evidence covers), folded (a report
   * sums up changes), alarm, enrollment, revocation or verdict.
   */
  'kind': (string);
  'epoch': (number);
  'sequence': (number);
  'verdict': (string);
  /**
   * What happened, in words; findings as code, space, subject.
   */
  'details': (string)[];
  'digest': (string);
  /**
   * Of a report or seal: the host's time under signature, a seal's end. at is when it came. Empty for the others.
   */
  'signedAt': (string);
}

// Original file: proto/sealwatch/v1/query.proto


export interface HistoryEntryInput {
  'at'?: (string);
  /**
   * report, seal, gap, alarm, enrolment, revocation or verdict.
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
}

export interface HistoryEntry {
  'at': (string);
  /**
   * report, seal, gap, alarm, enrolment, revocation or verdict.
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
}

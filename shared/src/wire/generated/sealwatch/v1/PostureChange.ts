// Original file: proto/sealwatch/v1/query.proto


export interface PostureChangeInput {
  'at'?: (string);
  /**
   * Empty for a change of the cluster's own verdict.
   */
  'host'?: (string);
  /**
   * compliant, noncompliant or unknown.
   */
  'verdict'?: (string);
  'previousVerdict'?: (string);
  /**
   * The reasons now: finding code, space, subject.
   */
  'reasons'?: (string)[];
}

export interface PostureChange {
  'at': (string);
  /**
   * Empty for a change of the cluster's own verdict.
   */
  'host': (string);
  /**
   * compliant, noncompliant or unknown.
   */
  'verdict': (string);
  'previousVerdict': (string);
  /**
   * The reasons now: finding code, space, subject.
   */
  'reasons': (string)[];
}

// Original file: proto/sealwatch/v1/query.proto


export interface HostSummaryInput {
  'name'?: (string);
  /**
   * Empty for an enrolled host that is not declared.
   */
  'role'?: (string);
  'verdict'?: (string);
  /**
   * connected, silent, never-reported, not-enrolled or revoked.
   */
  'standing'?: (string);
  'epoch'?: (number);
  'sequence'?: (number);
  /**
   * RFC 3339; empty if never.
   */
  'lastHeardAt'?: (string);
  'evidenceAt'?: (string);
  'reasons'?: (string)[];
}

export interface HostSummary {
  'name': (string);
  /**
   * Empty for an enrolled host that is not declared.
   */
  'role': (string);
  'verdict': (string);
  /**
   * connected, silent, never-reported, not-enrolled or revoked.
   */
  'standing': (string);
  'epoch': (number);
  'sequence': (number);
  /**
   * RFC 3339; empty if never.
   */
  'lastHeardAt': (string);
  'evidenceAt': (string);
  'reasons': (string)[];
}

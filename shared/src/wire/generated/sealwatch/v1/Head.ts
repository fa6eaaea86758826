// Original file: proto/sealwatch/v1/agent.proto


/**
 * Position in a host's chain of reports.
 */
export interface HeadInput {
  'epoch'?: (number);
  'sequence'?: (number);
  /**
   * sha256:HEX
   */
  'digest'?: (string);
}

/**
 * Position in a host's chain of reports.
 */
export interface Head {
  'epoch': (number);
  'sequence': (number);
  /**
   * sha256:HEX
   */
  'digest': (string);
}

// Original file: proto/sealwatch/v1/agent.proto


/**
 * Answer with a report or seal that carries this nonce, after measuring everything anew.
 */
export interface ChallengeInput {
  /**
   * 16 random bytes, lower-case hex.
   */
  'nonce'?: (string);
  'deadlineMs'?: (number);
}

/**
 * Answer with a report or seal that carries this nonce, after measuring everything anew.
 */
export interface Challenge {
  /**
   * 16 random bytes, lower-case hex.
   */
  'nonce': (string);
  'deadlineMs': (number);
}

// Original file: proto/sealwatch/v1/agent.proto


// Original file: proto/sealwatch/v1/agent.proto

export const _sealwatch_v1_Ack_Kind = {
  KIND_UNSPECIFIED: 'KIND_UNSPECIFIED',
  REPORT: 'REPORT',
  SEAL: 'SEAL',
} as const;

export type _sealwatch_v1_Ack_KindInput =
  | 'KIND_UNSPECIFIED'
  | 0
  | 'REPORT'
  | 1
  | 'SEAL'
  | 2

export type _sealwatch_v1_Ack_Kind = typeof _sealwatch_v1_Ack_Kind[keyof typeof _sealwatch_v1_Ack_Kind]

// Original file: proto/sealwatch/v1/agent.proto

export const _sealwatch_v1_Ack_Outcome = {
  OUTCOME_UNSPECIFIED: 'OUTCOME_UNSPECIFIED',
  /**
   * Committed: it survives a crash of the collector.
   */
  RECORDED: 'RECORDED',
  /**
   * It was committed before.
   */
  DUPLICATE: 'DUPLICATE',
  /**
   * Never send it again.
   */
  REJECTED: 'REJECTED',
} as const;

export type _sealwatch_v1_Ack_OutcomeInput =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  /**
   * Committed: it survives a crash of the collector.
   */
  | 'RECORDED'
  | 1
  /**
   * It was committed before.
   */
  | 'DUPLICATE'
  | 2
  /**
   * Never send it again.
   */
  | 'REJECTED'
  | 3

export type _sealwatch_v1_Ack_Outcome = typeof _sealwatch_v1_Ack_Outcome[keyof typeof _sealwatch_v1_Ack_Outcome]

export interface AckInput {
  'kind'?: (_sealwatch_v1_Ack_KindInput);
  'epoch'?: (number);
  'sequence'?: (number);
  /**
   * Digest of the acknowledged payload.
   */
  'digest'?: (string);
  'outcome'?: (_sealwatch_v1_Ack_OutcomeInput);
  /**
   * Why it was rejected: one of the error codes.
   */
  'code'?: (string);
  'message'?: (string);
  /**
   * Reserved for signed checkpoints over all chains.
   */
  'checkpoint'?: (Buffer | Uint8Array | string);
}

export interface Ack {
  'kind': (_sealwatch_v1_Ack_Kind);
  'epoch': (number);
  'sequence': (number);
  /**
   * Digest of the acknowledged payload.
   */
  'digest': (string);
  'outcome': (_sealwatch_v1_Ack_Outcome);
  /**
   * Why it was rejected: one of the error codes.
   */
  'code': (string);
  'message': (string);
  /**
   * Reserved for signed checkpoints over all chains.
   */
  'checkpoint': (Buffer);
}

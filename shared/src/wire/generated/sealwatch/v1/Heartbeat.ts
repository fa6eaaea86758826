// Original file: proto/sealwatch/v1/agent.proto

import type { HeadInput as _sealwatch_v1_HeadInput, Head as _sealwatch_v1_Head } from '../../sealwatch/v1/Head.js';

/**
 * Liveness only, never evidence.
 */
export interface HeartbeatInput {
  'head'?: (_sealwatch_v1_HeadInput | null);
  /**
   * Milliseconds until the next scan is due.
   */
  'nextScanInMs'?: (number);
  /**
   * Agent's wall clock, RFC 3339.
   */
  'at'?: (string);
}

/**
 * Liveness only, never evidence.
 */
export interface Heartbeat {
  'head': (_sealwatch_v1_Head | null);
  /**
   * Milliseconds until the next scan is due.
   */
  'nextScanInMs': (number);
  /**
   * Agent's wall clock, RFC 3339.
   */
  'at': (string);
}

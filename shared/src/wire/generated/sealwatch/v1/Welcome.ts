// Original file: proto/sealwatch/v1/agent.proto

import type { HeadInput as _sealwatch_v1_HeadInput, Head as _sealwatch_v1_Head } from '../../sealwatch/v1/Head.js';
import type { UpdateInput as _sealwatch_v1_UpdateInput, Update as _sealwatch_v1_Update } from '../../sealwatch/v1/Update.js';

export interface WelcomeInput {
  'protocolVersion'?: (number);
  /**
   * RFC 3339, UTC, milliseconds.
   */
  'serverTime'?: (string);
  /**
   * The newest report of this host the collector has committed; absent if none.
   */
  'head'?: (_sealwatch_v1_HeadInput | null);
  /**
   * Reports and seals that may be under way unacknowledged.
   */
  'credit'?: (number);
  /**
   * The release in force, if it is newer than the agent's.
   */
  'update'?: (_sealwatch_v1_UpdateInput | null);
}

export interface Welcome {
  'protocolVersion': (number);
  /**
   * RFC 3339, UTC, milliseconds.
   */
  'serverTime': (string);
  /**
   * The newest report of this host the collector has committed; absent if none.
   */
  'head': (_sealwatch_v1_Head | null);
  /**
   * Reports and seals that may be under way unacknowledged.
   */
  'credit': (number);
  /**
   * The release in force, if it is newer than the agent's.
   */
  'update': (_sealwatch_v1_Update | null);
}

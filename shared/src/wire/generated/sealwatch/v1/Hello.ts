// Original file: proto/sealwatch/v1/agent.proto

import type { HeadInput as _sealwatch_v1_HeadInput, Head as _sealwatch_v1_Head } from '../../sealwatch/v1/Head.js';

export interface HelloInput {
  /**
   * Protocol versions the agent speaks, newest first.
   */
  'protocolVersions'?: (number)[];
  'agentVersion'?: (string);
  /**
   * Random per program start, 16 bytes, lower-case hex.
   */
  'instance'?: (string);
  'heartbeatIntervalMs'?: (number);
  'scanIntervalMs'?: (number);
  /**
   * The newest report the agent has signed; absent before the first.
   */
  'head'?: (_sealwatch_v1_HeadInput | null);
  /**
   * Version of the release the agent holds; 0 for none.
   */
  'releaseVersion'?: (number);
}

export interface Hello {
  /**
   * Protocol versions the agent speaks, newest first.
   */
  'protocolVersions': (number)[];
  'agentVersion': (string);
  /**
   * Random per program start, 16 bytes, lower-case hex.
   */
  'instance': (string);
  'heartbeatIntervalMs': (number);
  'scanIntervalMs': (number);
  /**
   * The newest report the agent has signed; absent before the first.
   */
  'head': (_sealwatch_v1_Head | null);
  /**
   * Version of the release the agent holds; 0 for none.
   */
  'releaseVersion': (number);
}

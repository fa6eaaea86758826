// Original file: proto/sealwatch/v1/agent.proto

import type { WelcomeInput as _sealwatch_v1_WelcomeInput, Welcome as _sealwatch_v1_Welcome } from '../../sealwatch/v1/Welcome.js';
import type { AckInput as _sealwatch_v1_AckInput, Ack as _sealwatch_v1_Ack } from '../../sealwatch/v1/Ack.js';
import type { ChallengeInput as _sealwatch_v1_ChallengeInput, Challenge as _sealwatch_v1_Challenge } from '../../sealwatch/v1/Challenge.js';
import type { UpdateInput as _sealwatch_v1_UpdateInput, Update as _sealwatch_v1_Update } from '../../sealwatch/v1/Update.js';
import type { NeedInput as _sealwatch_v1_NeedInput, Need as _sealwatch_v1_Need } from '../../sealwatch/v1/Need.js';

export interface AttestResponseInput {
  /**
   * Answers Hello.
   */
  'welcome'?: (_sealwatch_v1_WelcomeInput | null);
  'ack'?: (_sealwatch_v1_AckInput | null);
  'challenge'?: (_sealwatch_v1_ChallengeInput | null);
  'update'?: (_sealwatch_v1_UpdateInput | null);
  'need'?: (_sealwatch_v1_NeedInput | null);
  'message'?: "welcome"|"ack"|"challenge"|"update"|"need";
}

export interface AttestResponse {
  /**
   * Answers Hello.
   */
  'welcome'?: (_sealwatch_v1_Welcome | null);
  'ack'?: (_sealwatch_v1_Ack | null);
  'challenge'?: (_sealwatch_v1_Challenge | null);
  'update'?: (_sealwatch_v1_Update | null);
  'need'?: (_sealwatch_v1_Need | null);
  'message'?: "welcome"|"ack"|"challenge"|"update"|"need";
}

// Original file: proto/sealwatch/v1/agent.proto

import type { BodyInput as _sealwatch_v1_BodyInput, Body as _sealwatch_v1_Body } from '../../sealwatch/v1/Body.js';

export interface BodiesInput {
  'bodies'?: (_sealwatch_v1_BodyInput)[];
}

export interface Bodies {
  'bodies': (_sealwatch_v1_Body)[];
}

// Original file: proto/sealwatch/v1/query.proto

import type { CheckProgressInput as _sealwatch_v1_CheckProgressInput, CheckProgress as _sealwatch_v1_CheckProgress } from '../../sealwatch/v1/CheckProgress.js';
import type { CheckResultInput as _sealwatch_v1_CheckResultInput, CheckResult as _sealwatch_v1_CheckResult } from '../../sealwatch/v1/CheckResult.js';

export interface CheckEventInput {
  'progress'?: (_sealwatch_v1_CheckProgressInput | null);
  /**
   * Always last.
   */
  'result'?: (_sealwatch_v1_CheckResultInput | null);
  'event'?: "progress"|"result";
}

export interface CheckEvent {
  'progress'?: (_sealwatch_v1_CheckProgress | null);
  /**
   * Always last.
   */
  'result'?: (_sealwatch_v1_CheckResult | null);
  'event'?: "progress"|"result";
}

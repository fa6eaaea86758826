// Original file: proto/sealwatch/v1/agent.proto

import type { HelloInput as _sealwatch_v1_HelloInput, Hello as _sealwatch_v1_Hello } from '../../sealwatch/v1/Hello.js';
import type { ReportUploadInput as _sealwatch_v1_ReportUploadInput, ReportUpload as _sealwatch_v1_ReportUpload } from '../../sealwatch/v1/ReportUpload.js';
import type { SealUploadInput as _sealwatch_v1_SealUploadInput, SealUpload as _sealwatch_v1_SealUpload } from '../../sealwatch/v1/SealUpload.js';
import type { BodiesInput as _sealwatch_v1_BodiesInput, Bodies as _sealwatch_v1_Bodies } from '../../sealwatch/v1/Bodies.js';
import type { HeartbeatInput as _sealwatch_v1_HeartbeatInput, Heartbeat as _sealwatch_v1_Heartbeat } from '../../sealwatch/v1/Heartbeat.js';

export interface AttestRequestInput {
  /**
   * Always first, and only once.
   */
  'hello'?: (_sealwatch_v1_HelloInput | null);
  'report'?: (_sealwatch_v1_ReportUploadInput | null);
  'seal'?: (_sealwatch_v1_SealUploadInput | null);
  /**
   * Answers Need.
   */
  'bodies'?: (_sealwatch_v1_BodiesInput | null);
  'heartbeat'?: (_sealwatch_v1_HeartbeatInput | null);
  'message'?: "hello"|"report"|"seal"|"bodies"|"heartbeat";
}

export interface AttestRequest {
  /**
   * Always first, and only once.
   */
  'hello'?: (_sealwatch_v1_Hello | null);
  'report'?: (_sealwatch_v1_ReportUpload | null);
  'seal'?: (_sealwatch_v1_SealUpload | null);
  /**
   * Answers Need.
   */
  'bodies'?: (_sealwatch_v1_Bodies | null);
  'heartbeat'?: (_sealwatch_v1_Heartbeat | null);
  'message'?: "hello"|"report"|"seal"|"bodies"|"heartbeat";
}

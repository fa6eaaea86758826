// Original file: proto/sealwatch/v1/agent.proto

import type { EnvelopeInput as _sealwatch_v1_EnvelopeInput, Envelope as _sealwatch_v1_Envelope } from '../../sealwatch/v1/Envelope.js';
import type { BodyInput as _sealwatch_v1_BodyInput, Body as _sealwatch_v1_Body } from '../../sealwatch/v1/Body.js';

export interface ReportUploadInput {
  'envelope'?: (_sealwatch_v1_EnvelopeInput | null);
  /**
   * Measurement bodies the collector may not have.
   */
  'bodies'?: (_sealwatch_v1_BodyInput)[];
}

export interface ReportUpload {
  'envelope': (_sealwatch_v1_Envelope | null);
  /**
   * Measurement bodies the collector may not have.
   */
  'bodies': (_sealwatch_v1_Body)[];
}

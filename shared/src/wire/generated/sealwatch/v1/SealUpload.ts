// Original file: proto/sealwatch/v1/agent.proto

import type { EnvelopeInput as _sealwatch_v1_EnvelopeInput, Envelope as _sealwatch_v1_Envelope } from '../../sealwatch/v1/Envelope.js';

export interface SealUploadInput {
  'envelope'?: (_sealwatch_v1_EnvelopeInput | null);
}

export interface SealUpload {
  'envelope': (_sealwatch_v1_Envelope | null);
}

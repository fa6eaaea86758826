// Original file: proto/sealwatch/v1/query.proto

import type { EnvelopeInput as _sealwatch_v1_EnvelopeInput, Envelope as _sealwatch_v1_Envelope } from '../../sealwatch/v1/Envelope.js';

export interface UploadManifestRequestInput {
  'manifest'?: (_sealwatch_v1_EnvelopeInput | null);
}

export interface UploadManifestRequest {
  'manifest': (_sealwatch_v1_Envelope | null);
}

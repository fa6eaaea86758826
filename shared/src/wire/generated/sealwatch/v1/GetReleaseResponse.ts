// Original file: proto/sealwatch/v1/query.proto

import type { EnvelopeInput as _sealwatch_v1_EnvelopeInput, Envelope as _sealwatch_v1_Envelope } from '../../sealwatch/v1/Envelope.js';

export interface GetReleaseResponseInput {
  'release'?: (_sealwatch_v1_EnvelopeInput | null);
  'manifests'?: (_sealwatch_v1_EnvelopeInput)[];
}

export interface GetReleaseResponse {
  'release': (_sealwatch_v1_Envelope | null);
  'manifests': (_sealwatch_v1_Envelope)[];
}

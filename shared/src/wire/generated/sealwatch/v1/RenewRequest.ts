// Original file: proto/sealwatch/v1/enrollment.proto

import type { EnvelopeInput as _sealwatch_v1_EnvelopeInput, Envelope as _sealwatch_v1_Envelope } from '../../sealwatch/v1/Envelope.js';

export interface RenewRequestInput {
  /**
   * Payload type application/vnd.sealwatch.renewal.v1+json, signed by the host signing key.
   */
  'envelope'?: (_sealwatch_v1_EnvelopeInput | null);
}

export interface RenewRequest {
  /**
   * Payload type application/vnd.sealwatch.renewal.v1+json, signed by the host signing key.
   */
  'envelope': (_sealwatch_v1_Envelope | null);
}

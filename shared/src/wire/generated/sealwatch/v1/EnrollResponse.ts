// Original file: proto/sealwatch/v1/enrollment.proto

import type { EnvelopeInput as _sealwatch_v1_EnvelopeInput, Envelope as _sealwatch_v1_Envelope } from '../../sealwatch/v1/Envelope.js';
import type { UpdateInput as _sealwatch_v1_UpdateInput, Update as _sealwatch_v1_Update } from '../../sealwatch/v1/Update.js';
import type { HeadInput as _sealwatch_v1_HeadInput, Head as _sealwatch_v1_Head } from '../../sealwatch/v1/Head.js';

export interface EnrollResponseInput {
  'host'?: (string);
  'epoch'?: (number);
  /**
   * X.509, DER; leaf first, then the issuing CA.
   */
  'signingChain'?: (Buffer | Uint8Array | string)[];
  'tlsChain'?: (Buffer | Uint8Array | string)[];
  'inception'?: (_sealwatch_v1_EnvelopeInput | null);
  /**
   * Absent if nothing has been deployed yet.
   */
  'update'?: (_sealwatch_v1_UpdateInput | null);
  /**
   * The old chain's head if this enrolment replaces another.
   */
  'previousHead'?: (_sealwatch_v1_HeadInput | null);
}

export interface EnrollResponse {
  'host': (string);
  'epoch': (number);
  /**
   * X.509, DER; leaf first, then the issuing CA.
   */
  'signingChain': (Buffer)[];
  'tlsChain': (Buffer)[];
  'inception': (_sealwatch_v1_Envelope | null);
  /**
   * Absent if nothing has been deployed yet.
   */
  'update': (_sealwatch_v1_Update | null);
  /**
   * The old chain's head if this enrolment replaces another.
   */
  'previousHead': (_sealwatch_v1_Head | null);
}

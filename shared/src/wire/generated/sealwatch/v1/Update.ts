// Original file: proto/sealwatch/v1/agent.proto

import type { EnvelopeInput as _sealwatch_v1_EnvelopeInput, Envelope as _sealwatch_v1_Envelope } from '../../sealwatch/v1/Envelope.js';

export interface UpdateInput {
  'release'?: (_sealwatch_v1_EnvelopeInput | null);
  /**
   * Envelopes of every manifest the release names.
   */
  'manifests'?: (_sealwatch_v1_EnvelopeInput)[];
}

export interface Update {
  'release': (_sealwatch_v1_Envelope | null);
  /**
   * Envelopes of every manifest the release names.
   */
  'manifests': (_sealwatch_v1_Envelope)[];
}

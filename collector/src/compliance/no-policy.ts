import type { Policy } from '@sealwatch/shared/trust/policy.js';

/** Before the first release nothing is required, lowered or demonstrated. */
export const NO_POLICY: Policy = {
  demonstration: false,
  tlsProfile: 'konvoy-1.7',
  requireActiveCertificate: false,
  require: [],
  heartbeatIntervalMs: 30_000,
  staleAfterMs: 90_000,
  scanIntervalMs: 900_000,
  evidenceMaxAgeMs: 1_800_000,
  components: {},
  services: [],
  libraryKeys: [],
  severities: {},
};

// Original file: proto/sealwatch/v1/query.proto

import type { HostSummaryInput as _sealwatch_v1_HostSummaryInput, HostSummary as _sealwatch_v1_HostSummary } from '../../sealwatch/v1/HostSummary.js';
import type { CertificateSummaryInput as _sealwatch_v1_CertificateSummaryInput, CertificateSummary as _sealwatch_v1_CertificateSummary } from '../../sealwatch/v1/CertificateSummary.js';

export interface HostDetailInput {
  'summary'?: (_sealwatch_v1_HostSummaryInput | null);
  /**
   * The host's part of a check result, as JSON (sealwatch/check/v1, one of `hosts`).
   */
  'result'?: (Buffer | Uint8Array | string);
  'certificates'?: (_sealwatch_v1_CertificateSummaryInput)[];
}

export interface HostDetail {
  'summary': (_sealwatch_v1_HostSummary | null);
  /**
   * The host's part of a check result, as JSON (sealwatch/check/v1, one of `hosts`).
   */
  'result': (Buffer);
  'certificates': (_sealwatch_v1_CertificateSummary)[];
}

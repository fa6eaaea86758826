import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';

/** What one host is verified against, and on whose behalf. */
export interface ReferenceValues extends Omit<AppraisalContext, 'at'> {
  readonly host: string;
  readonly cluster: CheckResult['cluster'];
  /** Null if there is no release behind this, only a manifest somebody named. */
  readonly releaseDigest: Digest | null;
}

import type { HostSummary } from '@sealwatch/shared/wire/generated/sealwatch/v1/HostSummary.js';
import { orNull, wireVerdict } from './wire-verdict.js';

/** A host as `hosts list` and `hosts show` give it to programs: what is not there is null. */
export function hostSummaryJson(summary: HostSummary): object {
  const { name, role, standing, epoch, sequence, lastHeardAt, evidenceAt, reasons } = summary;
  return {
    name,
    role: orNull(role),
    verdict: wireVerdict(summary.verdict),
    standing,
    epoch,
    sequence,
    lastHeardAt: orNull(lastHeardAt),
    evidenceAt: orNull(evidenceAt),
    reasons,
  };
}

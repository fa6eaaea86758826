import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import { appraise, type AppraiseTimeless, appraiseTimeless } from '@sealwatch/shared/appraisal/appraise.js';
import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';

interface Appraised {
  readonly valid: Parameters<AppraiseTimeless>[1];
  readonly context: Parameters<AppraiseTimeless>[2];
  readonly findings: readonly Finding[];
}

/** The last of each list of measurements, for as long as somebody holds the list. */
const appraised = new WeakMap<readonly Measurement[], Appraised>();

/**
 * `appraise`, for evidence that is judged when it comes, at each seal and whenever time may have changed something:
 * what hangs on no clock is worked out once. Only the very same objects count as the same (measurements, release,
 * inception, the manifests that are valid now), so nothing a host claims chooses what it gets.
 */
export function rememberedAppraisal(measurements: readonly Measurement[], context: AppraisalContext): Finding[] {
  return appraise(measurements, context, remembered);
}

const remembered: AppraiseTimeless = (measurements, valid, context) => {
  const last = appraised.get(measurements);
  if (last !== undefined && isSame(last, valid, context)) return last.findings;
  const { inception, release, role } = context;
  const findings = appraiseTimeless(measurements, valid, context);
  appraised.set(measurements, { valid, context: { inception, release, role }, findings });
  return findings;
};

function isSame(
  { valid, context }: Appraised,
  validNow: Appraised['valid'],
  { inception, release, role }: Appraised['context'],
): boolean {
  return (
    context.inception === inception &&
    context.release === release &&
    context.role === role &&
    valid.length === validNow.length &&
    valid.every((manifest, index) => manifest === validNow[index])
  );
}

/** The answer, for a host or the cluster. Only `compliant` is a yes. */
export const VERDICTS = ['compliant', 'unknown', 'noncompliant'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The worst of them; nothing at all is not known. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('noncompliant')) return 'noncompliant';
  if (verdicts.includes('unknown') || verdicts.length === 0) return 'unknown';
  return 'compliant';
}

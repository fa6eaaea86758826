import type { FindingCode } from './finding-catalogue.js';

/** One deviation. A value, never an exception; how grave it is, the catalogue and the policy say. */
export interface Finding {
  readonly code: FindingCode;
  /** `subjectId`, or `host`, `cluster`, `manifest:ID`. */
  readonly subject: string;
  readonly expected: string | null;
  readonly observed: string | null;
}

export function finding(code: FindingCode, subject: string, expected?: string, observed?: string): Finding {
  return { code, subject, expected: expected ?? null, observed: observed ?? null };
}

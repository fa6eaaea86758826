export const SEVERITIES = ['fail', 'warn', 'unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface CatalogueEntry {
  readonly severity: Severity;
  /** May neither be lowered by a policy nor waived. */
  readonly fixed: boolean;
  readonly meaning: string;
  /** Says what an operator does next; printed under the failing subject. */
  readonly remedy: string;
}

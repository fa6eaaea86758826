import { EVIDENCE_KINDS, type EvidenceKind, MEASURED_EVIDENCE } from '../subject/component.js';
import type { Policy } from '../trust/policy.js';

/** Kinds of evidence that an answer does not rest on: this version does not measure them, or the policy asks for none. */
export function notLookedAt(policy: Pick<Policy, 'require'> | undefined): EvidenceKind[] {
  return EVIDENCE_KINDS.filter((kind) => !MEASURED_EVIDENCE.includes(kind) || policy?.require.includes(kind) !== true);
}

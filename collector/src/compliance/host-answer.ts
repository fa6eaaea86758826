import type { HostResult } from '@sealwatch/shared/check/check-result.js';
import { hostResult } from '@sealwatch/shared/check/host-result.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { HostState } from './host-state.js';
import type { Judgement } from './judge-host.js';

/** A host's part of an answer: its last measurement, line by line, and what was concluded from it. */
export function hostAnswer({ name, evidence }: HostState, judgement: Judgement, answered: boolean): HostResult {
  return hostResult({
    name,
    context: judgement.context,
    measurements: evidence?.measurements ?? [],
    findings: judgement.findings,
    verdict: judgement.verdict,
    answered,
    evidenceAt: evidence === null ? null : timestamp(evidence.signedAt),
    head: evidence?.head ?? null,
    agentVersion: evidence?.report.agentVersion ?? null,
    accounting: evidence?.report.accounting ?? null,
    self: evidence?.report.self,
    folded: evidence?.report.folded,
  });
}

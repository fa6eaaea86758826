import type { AppraisalContext } from '../appraisal/appraisal-context.js';
import { manifestsInForce } from '../appraisal/appraise.js';
import type { JudgedFinding } from '../appraisal/evaluate.js';
import type { Verdict } from '../appraisal/verdict.js';
import type { Measurement } from '../measurement/measurement.js';
import { type Timestamp, wallTime } from '../runtime/timestamp.js';
import type { AgentSelf } from '../statement/agent-self.js';
import type { Accounting, Head } from '../statement/report.js';
import type { HostResult } from './check-result.js';
import { componentResults } from './component-results.js';
import { groupBySubject } from './group-findings.js';
import { platformResults } from './platform-results.js';
import { serviceResults } from './service-results.js';

export interface HostResultInput {
  readonly name: string;
  /** What the measurements were appraised against; a line says `Signature Validated` only by these manifests. */
  readonly context: AppraisalContext;
  /** Empty for a host without evidence. */
  readonly measurements: readonly Measurement[];
  /** All of this host's, judged; each comes out exactly once. */
  readonly findings: readonly JudgedFinding[];
  readonly verdict: Verdict;
  readonly answered: boolean;
  /** Null for a host that never signed anything: it gets lines only for what was found wrong. */
  readonly evidenceAt: Timestamp | null;
  readonly head: Head | null;
  readonly agentVersion: string | null;
  readonly accounting: Accounting | null;
  readonly self?: AgentSelf | undefined;
}

/**
 * A host's part of the report: one line per thing looked at, in the seed's order, findings under their lines. Pure;
 * `sealwatch-agent verify` and the collector use the same one.
 */
export function hostResult(input: HostResultInput): HostResult {
  const { name, context, measurements, findings, verdict, answered, evidenceAt, head, agentVersion, accounting, self } =
    input;
  const { role, at } = context;
  const valid = manifestsInForce(context).filter(
    ({ manifest }) => wallTime(manifest.notBefore) <= wallTime(at) && wallTime(at) < wallTime(manifest.notAfter),
  );
  const bySubject = groupBySubject(findings);
  const evidence = { measurements, findings: bySubject, context, hasEvidence: evidenceAt !== null };
  const subjects = [...componentResults(evidence, valid), ...serviceResults(evidence), ...platformResults(evidence)];
  const printed = new Set(subjects.map(({ id }) => id));
  return {
    name,
    role,
    verdict,
    answered,
    evidenceAt,
    head,
    subjects,
    findings: findings.filter(({ subject }) => !printed.has(subject)),
    agentVersion,
    accounting,
    ...(self === undefined ? {} : { self }),
  };
}

import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import { evaluate, type JudgedFinding } from '@sealwatch/shared/appraisal/evaluate.js';
import { type Finding, finding } from '@sealwatch/shared/appraisal/finding.js';
import type { Verdict } from '@sealwatch/shared/appraisal/verdict.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Role } from '@sealwatch/shared/subject/component.js';
import type { Inception } from '@sealwatch/shared/trust/inception.js';
import type { VerifiedRelease } from '@sealwatch/shared/trust/open-release.js';
import type { HostState } from './host-state.js';
import { outsideFindings } from './outside-findings.js';
import { rememberedAppraisal } from './remembered-appraisal.js';
import { standingFindings } from './standing-findings.js';

export interface Judgement {
  /** What the measurements were appraised against. */
  readonly context: AppraisalContext;
  readonly verdict: Verdict;
  readonly findings: readonly JudgedFinding[];
}

/** What every host of the cluster is judged by, now. */
export interface JudgementContext {
  readonly inception: Inception;
  readonly release: VerifiedRelease;
  readonly wall: number;
  readonly monotonic: number;
}

/** A host's standing: what it measured against the release in force, and what time and memory add. Pure. */
export function judgeHost(
  state: HostState,
  role: Role,
  judgedBy: JudgementContext,
  also: readonly Finding[] = [],
): Judgement {
  const { inception, release: inForce, wall, monotonic } = judgedBy;
  const { release, manifests } = inForce;
  const context = { inception, release, manifests, role, at: timestamp(wall) };
  const findings = [
    ...standingFindings(state, release.policy, monotonic),
    ...(state.evidence === null ? [] : outsideFindings(state, release, role)),
    ...also,
  ];
  if (state.evidence !== null)
    findings.push(...state.evidence.reportFindings, ...rememberedAppraisal(state.evidence.measurements, context));
  return { context, ...evaluate(findings, release.policy) };
}

/** A host that was challenged by a check and did not answer in time. */
export function noAnswer(timeoutMs: number): Finding {
  return finding('host.no-answer', 'host', `an answer within ${String(Math.round(timeoutMs / 1000))}s`, 'none');
}

/** `CODE SUBJECT`, what weighs most first. */
export function reasonsOf(findings: readonly JudgedFinding[]): string[] {
  const weight = { fail: 0, unknown: 1, warn: 2 } as const;
  return [...findings]
    .sort((a, b) => weight[a.severity] - weight[b.severity])
    .map(({ code, subject }) => `${code} ${subject}`);
}

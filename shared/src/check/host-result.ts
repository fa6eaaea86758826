import type { AppraisalContext } from '../appraisal/appraisal-context.js';
import type { JudgedFinding } from '../appraisal/evaluate.js';
import { manifestStandings, validManifests } from '../appraisal/manifest-standing.js';
import type { Verdict } from '../appraisal/verdict.js';
import type { Measurement } from '../measurement/measurement.js';
import type { Timestamp } from '../runtime/timestamp.js';
import type { AgentSelf } from '../statement/agent-self.js';
import type { Accounting, Head, Report } from '../statement/report.js';
import { subjectId } from '../subject/subject.js';
import { hostWindow } from './change-window.js';
import type { HostResult, SubjectResult } from './check-result.js';
import { componentResults } from './component-results.js';
import { groupBySubject } from './group-findings.js';
import { manifestNotes } from './manifest-notes.js';
import { manifestMatcher, type SubjectManifests } from './manifest-matcher.js';
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
  /** As the judged report has it. */
  readonly folded?: Report['folded'] | undefined;
}

/**
 * A host's part of the report: one line per thing looked at, in the seed's order, findings under their lines. Pure;
 * `sealwatch-agent verify` and the collector use the same one.
 */
export function hostResult(input: HostResultInput): HostResult {
  const {
    name,
    context,
    measurements,
    findings,
    verdict,
    answered,
    evidenceAt,
    head,
    agentVersion,
    accounting,
    self,
    folded,
  } = input;
  const valid = validManifests(context);
  const bySubject = groupBySubject(findings);
  const evidence = { measurements, findings: bySubject, context, hasEvidence: evidenceAt !== null };
  const matched = matchSubjects(context, measurements);
  const subjects = [
    ...componentResults(evidence, valid),
    ...serviceResults(evidence),
    ...platformResults(evidence),
  ].map((subject) => withManifests(subject, matched.get(subject.id)));
  const printed = new Set(subjects.map(({ id }) => id));
  return {
    name,
    role: context.role,
    verdict,
    answered,
    evidenceAt,
    head,
    subjects,
    findings: findings.filter(({ subject }) => !printed.has(subject)),
    agentVersion,
    accounting,
    ...(self === undefined ? {} : { self }),
    ...windowOf(context, matched),
    ...(folded === undefined || folded === null ? {} : { folded }),
  };
}

function matchSubjects(
  context: AppraisalContext,
  measurements: readonly Measurement[],
): ReadonlyMap<string, SubjectManifests> {
  const matcher = manifestMatcher(context);
  const matched = new Map<string, SubjectManifests>();
  for (const measurement of measurements) {
    const manifests = matcher.match(measurement);
    if (manifests !== undefined) matched.set(subjectId(measurement.subject), manifests);
  }
  return matched;
}

/** Which manifests list what was found decides nothing here: findings say what is right. */
function withManifests(subject: SubjectResult, manifests: SubjectManifests | undefined): SubjectResult {
  if (manifests === undefined || manifests.matches.length === 0) return subject;
  const notes = [...(subject.notes ?? []), ...manifestNotes(manifests)];
  return {
    ...subject,
    ...(notes.length === 0 ? {} : { notes }),
    manifests: manifests.matches.map(({ verified: { digest, manifest }, state, from, until }) => {
      return { id: manifest.id, digest, state, from, until };
    }),
  };
}

function windowOf(
  context: AppraisalContext,
  matched: ReadonlyMap<string, SubjectManifests>,
): Pick<HostResult, 'changeWindow'> {
  const choices = [...matched.values()].flatMap((manifests) => manifests.choices);
  const window = hostWindow(choices, manifestStandings(context));
  return window === undefined ? {} : { changeWindow: window };
}

import { verdictOf } from '@sealwatch/shared/appraisal/evaluate.js';
import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import { type Verdict, worst } from '@sealwatch/shared/appraisal/verdict.js';
import { changeWindow } from '@sealwatch/shared/check/change-window.js';
import type { CheckResult, HostResult } from '@sealwatch/shared/check/check-result.js';
import { manifestSummaries } from '@sealwatch/shared/check/manifest-summaries.js';
import { notLookedAt } from '@sealwatch/shared/check/not-looked-at.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { Challenges } from './challenges.js';
import type { CheckRequest } from './compliance-service.js';
import { hostAnswer } from './host-answer.js';
import { noAnswer } from './judge-host.js';
import type { PostureBoard } from './posture-board.js';

/** How long a check waits for a host without a stream: long enough to reconnect, too short to sit out for nothing. */
const RECONNECT_GRACE_MS = 5_000;
const REMOVED_HOSTS_NAMED_FOR_MS = 30 * 86_400_000;

/**
 * Asks every host in question for an answer to a fresh nonce, waits within bounds, and judges the whole cluster.
 * `hosts` limits who is asked and printed; the verdict is the cluster's either way.
 * @throws CodedError('host.undeclared')
 */
export async function runCheck(
  request: CheckRequest,
  deps: { board: PostureBoard; challenges: Challenges; clock: Clock },
): Promise<CheckResult> {
  const { board } = deps;
  const declared = (board.release?.release.hosts ?? []).map(({ name }) => name);
  const asked = request.hosts.length === 0 ? declared : [...new Set(request.hosts)];
  const unknown = asked.filter((name) => board.roleOf(name) === undefined);
  if (unknown.length > 0) {
    throw new CodedError(
      'host.undeclared',
      `${unknown.join(', ')}: not declared; declared are ${declared.join(', ') || 'none'}`,
    );
  }
  const unanswered = request.cached ? new Set<string>() : await challenge(asked, request, deps);
  return conclude(request, asked, unanswered, deps);
}

/** Returns who did not answer. */
async function challenge(
  asked: readonly string[],
  { timeoutMs, onProgress, signal }: CheckRequest,
  { board, challenges }: { board: PostureBoard; challenges: Challenges },
): Promise<Set<string>> {
  const unanswered = new Set<string>();
  let answered = 0;
  onProgress({ answered, asked: asked.length });
  await Promise.all(
    asked.map(async (name) => {
      const state = board.state(name);
      if (state.enrollment === null || state.enrollment.revoked || (state.evidence === null && !state.connected)) {
        unanswered.add(name);
        return;
      }
      const patience = state.connected ? timeoutMs : Math.min(timeoutMs, RECONNECT_GRACE_MS);
      if (!(await challenges.ask(name, patience, signal))) unanswered.add(name);
      else onProgress({ answered: ++answered, asked: asked.length });
    }),
  );
  return unanswered;
}

function conclude(
  request: CheckRequest,
  asked: readonly string[],
  unanswered: ReadonlySet<string>,
  { board, clock }: { board: PostureBoard; clock: Clock },
): CheckResult {
  const { inception } = board.inception;
  const { release } = board;
  const wall = clock.wall();
  const hosts: HostResult[] = [];
  const failing: { name: string; verdict: Verdict }[] = [];
  const verdicts: Verdict[] = [];
  const printed = new Set(asked);
  for (const { name } of release?.release.hosts ?? []) {
    const also: Finding[] = unanswered.has(name) ? [noAnswer(request.timeoutMs)] : [];
    const judgement = board.judge(name, also);
    if (judgement === undefined) continue;
    verdicts.push(judgement.verdict);
    if (judgement.verdict !== 'compliant') failing.push({ name, verdict: judgement.verdict });
    if (!printed.has(name)) continue;
    const fresh = judgement.findings.every(({ code }) => !NOT_FRESH.has(code));
    hosts.push(hostAnswer(board.state(name), judgement, request.cached ? fresh : !unanswered.has(name)));
  }
  const context = release && {
    release: release.release,
    manifests: release.manifests,
    inception,
    role: 'worker' as const,
    at: timestamp(wall),
  };
  const declared = (release?.release.hosts ?? []).map(({ name }) => {
    return { name, measurements: board.state(name).evidence?.measurements ?? [] };
  });
  const window = context === undefined ? undefined : changeWindow(context, declared);
  const judged = board.certificates(request.asOf);
  const findings = [...board.clusterFindings(), ...(judged?.findings ?? [])];
  return {
    schema: 'sealwatch/check/v1',
    checkedAt: timestamp(wall),
    verdict: worst([worst(verdicts), verdictOf(findings)]),
    cluster: { id: inception.clusterId, name: inception.clusterName, mode: inception.mode, adopted: inception.adopted },
    release: release === undefined ? null : { version: release.release.version, digest: release.digest },
    manifests: context === undefined ? [] : manifestSummaries(context),
    demonstration: release?.release.policy.demonstration ?? false,
    cached: request.cached,
    findings,
    hosts,
    coverage: {
      declared: declared.length,
      answered: hosts.filter(({ answered }) => answered).length,
      failing,
      undeclared: findings.filter(({ code }) => code === 'host.undeclared').map(({ observed }) => observed ?? ''),
      removed: (release?.release.removedHosts ?? []).filter(
        ({ removedAt }) => wall - wallTime(removedAt) < REMOVED_HOSTS_NAMED_FOR_MS,
      ),
      notMeasured: notLookedAt(release?.release.policy),
    },
    ...(judged === undefined ? {} : { certificates: judged.certificates }),
    ...(window === undefined ? {} : { changeWindow: window }),
  };
}

const NOT_FRESH: ReadonlySet<string> = new Set([
  'host.silent',
  'host.evidence-stale',
  'host.no-answer',
  'host.not-enrolled',
  'host.never-reported',
  'host.revoked',
]);

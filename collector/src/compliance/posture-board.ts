import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import { type JudgedFinding, verdictOf } from '@sealwatch/shared/appraisal/evaluate.js';
import { type Verdict, worst } from '@sealwatch/shared/appraisal/verdict.js';
import { manifestsInForce } from '@sealwatch/shared/appraisal/appraise.js';
import { certificateSection } from '@sealwatch/shared/check/certificate-section.js';
import { moduleClaimsOf } from '@sealwatch/shared/check/module-claims.js';
import type { CalendarDate } from '@sealwatch/shared/cmvp/calendar-date.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Role } from '@sealwatch/shared/subject/component.js';
import type { VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import type { VerifiedRelease } from '@sealwatch/shared/trust/open-release.js';
import type { ReportWriter, VerdictChange } from '../store/report-store.js';
import { clusterFindings } from './cluster-findings.js';
import { ClusterTally } from './cluster-tally.js';
import { type HostState, newHostState } from './host-state.js';
import { judgeHost, type Judgement, reasonsOf } from './judge-host.js';
import { nextReckoning, nextWindowBoundary } from './reckoning.js';

interface Dependencies {
  readonly inception: VerifiedInception;
  readonly clock: Clock;
  readonly store: Pick<ReportWriter, 'recordVerdictChange'>;
  readonly log: Logger;
}

/**
 * Where every host stands now, kept in memory: a verdict of the cluster is looked up, never computed from history.
 * Whoever learns something about a host changes its state here and calls `rejudge`.
 */
export class PostureBoard {
  readonly #deps: Dependencies;
  readonly #states = new Map<string, HostState>();
  readonly #roles = new Map<string, Role>();
  /** Monotonic moment at which a host's standing can change by itself. */
  readonly #due = new Map<string, number>();
  readonly #tally = new ClusterTally();
  readonly #listeners = new Set<(change: VerdictChange) => void>();
  #release: VerifiedRelease | undefined;
  #clusterVerdict: Verdict = 'unknown';
  #windowBoundary = Number.POSITIVE_INFINITY;
  #lastWall: number;
  #recording: Promise<void> = Promise.resolve();
  #quiet = false;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#lastWall = deps.clock.wall();
  }

  get inception(): VerifiedInception {
    return this.#deps.inception;
  }

  get release(): VerifiedRelease | undefined {
    return this.#release;
  }

  get verdict(): Verdict {
    return this.#clusterVerdict;
  }

  /** The state of a host that may not have been heard of before. */
  state(name: string): HostState {
    let state = this.#states.get(name);
    if (state === undefined) this.#states.set(name, (state = newHostState(name)));
    return state;
  }

  known(name: string): HostState | undefined {
    return this.#states.get(name);
  }

  states(): Iterable<HostState> {
    return this.#states.values();
  }

  roleOf(name: string): Role | undefined {
    return this.#roles.get(name);
  }

  /** Another intent: every host is judged anew at once, on what it last measured. */
  setRelease(release: VerifiedRelease): void {
    this.#release = release;
    this.#roles.clear();
    for (const { name, role } of release.release.hosts) {
      this.#roles.set(name, role);
      this.state(name);
    }
    this.rejudgeAll();
  }

  clusterFindings(): JudgedFinding[] {
    return clusterFindings(this.inception.inception, this.#release?.release, this.#tally.undeclared);
  }

  /** What the release's list of certificates says on a day, null: today; undefined before the first release. */
  certificates(asOf: CalendarDate | null): ReturnType<typeof certificateSection> | undefined {
    if (this.#release === undefined) return undefined;
    const { release, manifests } = this.#release;
    const at = timestamp(this.#deps.clock.wall());
    const { inception } = this.inception;
    const inForce = manifestsInForce({ release, manifests, inception, role: 'worker', at });
    const measured = [...this.#roles.keys()].map((name) => this.state(name).evidence?.measurements ?? []);
    return certificateSection({ release, claims: moduleClaimsOf(measured, inForce), asOf, at });
  }

  /** A judgement as of now, with findings only this asker has; nothing is remembered. Undefined if not declared. */
  judge(name: string, also: readonly Finding[] = []): Judgement | undefined {
    const role = this.#roles.get(name);
    if (role === undefined || this.#release === undefined) return undefined;
    const { clock, inception } = this.#deps;
    const context = {
      inception: inception.inception,
      release: this.#release,
      wall: clock.wall(),
      monotonic: clock.monotonic(),
    };
    return judgeHost(this.state(name), role, context, also);
  }

  /** Judges one host and publishes what changed. */
  rejudge(name: string): void {
    this.#update(name);
    this.#updateCluster();
  }

  rejudgeAll(): void {
    this.#windowBoundary =
      this.#release === undefined
        ? Number.POSITIVE_INFINITY
        : nextWindowBoundary(this.#release, this.#deps.clock.wall());
    for (const name of this.#states.keys()) this.#update(name);
    this.#updateCluster();
  }

  /** A sign of life that changes nothing else: only the moment of the next reckoning moves. */
  postpone(name: string): void {
    if (this.#release === undefined || !this.#roles.has(name)) return;
    const now = this.#deps.clock.monotonic();
    // what is due already must be reckoned with, not put off
    if (now >= (this.#due.get(name) ?? Number.POSITIVE_INFINITY)) this.rejudge(name);
    else this.#due.set(name, nextReckoning(this.state(name), this.#release.release.policy, now));
  }

  /** What only time changes: silence, stale evidence, windows of manifests. Call it often; it is cheap when nothing is due. */
  tick(): void {
    const { clock } = this.#deps;
    const wall = clock.wall();
    const setBack = wall < this.#lastWall - 1000;
    this.#lastWall = wall;
    if (setBack || wall >= this.#windowBoundary) {
      this.rejudgeAll();
      return;
    }
    const now = clock.monotonic();
    let any = false;
    for (const [name, due] of this.#due) {
      if (now < due) continue;
      this.#update(name);
      any = true;
    }
    if (any) this.#updateCluster();
  }

  /** Brings back what was known before a restart: that is no change, so nothing is published. */
  quietly(restore: () => void): void {
    this.#quiet = true;
    try {
      restore();
    } finally {
      this.#quiet = false;
    }
  }

  subscribe(listener: (change: VerdictChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when every change so far is recorded. */
  settled(): Promise<void> {
    return this.#recording;
  }

  #update(name: string): void {
    const state = this.state(name);
    const judgement = this.judge(name);
    if (judgement === undefined || this.#release === undefined) {
      this.#due.delete(name);
      this.#conclude(state, 'unknown', []);
      return;
    }
    this.#due.set(name, nextReckoning(state, this.#release.release.policy, this.#deps.clock.monotonic()));
    this.#conclude(state, judgement.verdict, reasonsOf(judgement.findings));
  }

  #conclude(state: HostState, verdict: Verdict, reasons: readonly string[]): void {
    const previous = state.verdict;
    state.verdict = verdict;
    state.reasons = reasons;
    const isDeclared = this.#roles.has(state.name);
    const isUndeclared = state.enrollment?.revoked === false && !isDeclared;
    this.#tally.set(state.name, { verdict: isDeclared ? verdict : null, isUndeclared });
    if (previous !== verdict) this.#publish({ host: state.name, verdict, previous, reasons });
  }

  #updateCluster(): void {
    const required = this.#release?.release.policy.requireActiveCertificate === true;
    const certificates = required ? (this.certificates(null)?.findings ?? []) : [];
    const findings = [...this.clusterFindings(), ...certificates];
    const verdict = worst([this.#tally.worst, verdictOf(findings)]);
    const previous = this.#clusterVerdict;
    this.#clusterVerdict = verdict;
    if (previous === verdict) return;
    const failing = [...this.#roles.keys()].filter((name) => this.state(name).verdict !== 'compliant');
    this.#publish({
      host: '',
      verdict,
      previous,
      reasons: [...reasonsOf(findings), ...failing.slice(0, 20).map((name) => `${this.state(name).verdict} ${name}`)],
    });
  }

  #publish(change: Omit<VerdictChange, 'at'>): void {
    if (this.#quiet) return;
    const dated = { ...change, at: timestamp(this.#deps.clock.wall()) };
    // asked now, not when the one before is on disk: the store keeps the order, and one commit takes many
    const recorded = this.#record(dated);
    this.#recording = this.#recording.then(async () => {
      await recorded;
      for (const listener of this.#listeners) listener(dated);
    });
  }

  /** Never fails. */
  async #record(change: VerdictChange): Promise<void> {
    try {
      await this.#deps.store.recordVerdictChange(change);
    } catch (err) {
      this.#deps.log.error(
        { err, code: isCoded(err) ? err.code : 'internal', host: change.host },
        'verdict change not recorded',
      );
    }
  }
}

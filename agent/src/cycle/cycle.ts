import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError, isCoded, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { type Timestamp, timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Accounting } from '@sealwatch/shared/statement/report.js';
import type { VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import type { ReportChain, Signed } from '../chain/report-chain.js';
import type { ImageSurvey } from '../measure/image/image-survey.js';
import { ModuleMemory } from '../measure/module/module-memory.js';
import type { ServiceSurvey } from '../measure/service/service-survey.js';
import type { StandardModeMemory } from '../measure/host/standard-mode-memory.js';
import type { CycleProgress } from '../service-manager/cycle-progress.js';
import type { ReleaseStore } from '../state/release-store.js';
import { enrolledReference } from './enrolled-reference.js';
import { observeHost } from './observe-host.js';
import { ScanPace } from './scan-pace.js';

/** How the last cycle went, for `status`. */
export interface CycleSummary {
  readonly at: Timestamp;
  readonly outcome: Signed | 'failed';
  /** Null if it failed. */
  readonly findings: number | null;
  readonly accounting: Accounting | null;
  /** Empty unless it failed. */
  readonly error: string;
}

export interface CycleDeps {
  readonly host: string;
  readonly inception: VerifiedInception;
  readonly releases: Pick<ReleaseStore, 'current'>;
  readonly hostRoot: string;
  readonly survey: ServiceSurvey;
  readonly imageSurvey: ImageSurvey;
  readonly standardMemory: StandardModeMemory;
  readonly chain: ReportChain;
  readonly progress: CycleProgress;
  readonly clock: Clock;
}

/** One cycle: which subjects there are, what they are now, how that compares, and a signature under it. */
export class Cycle {
  readonly #deps: CycleDeps;
  readonly #pace: ScanPace;
  readonly #modules = new ModuleMemory();
  #last: CycleSummary | undefined;

  constructor(deps: CycleDeps) {
    this.#deps = deps;
    this.#pace = new ScanPace(deps);
  }

  last(): CycleSummary | undefined {
    return this.#last;
  }

  /**
   * @param request.urgent answers somebody who waits: the background budget does not apply
   * @throws CodedError('release.missing' | 'host.undeclared' | 'request.cancelled' | 'statement.too-large'); nothing is
   *   signed then, least of all a seal
   */
  async run(request: { nonce: string | null; urgent: boolean; signal: AbortSignal }): Promise<Signed> {
    try {
      return await this.#deps.progress.during(() => this.#run(request));
    } catch (error) {
      if (!isCoded(error, 'request.cancelled')) {
        const at = timestamp(this.#deps.clock.wall());
        this.#last = { at, outcome: 'failed', findings: null, accounting: null, error: reasonOf(error) };
      }
      throw error;
    }
  }

  async #run(request: { nonce: string | null; urgent: boolean; signal: AbortSignal }): Promise<Signed> {
    const { host, inception, releases, hostRoot, survey, imageSurvey, standardMemory, chain, progress, clock } =
      this.#deps;
    const release = releases.current();
    if (release === undefined) throw new CodedError('release.missing', 'no release has come yet');
    const reference = { ...enrolledReference({ host, inception, release }), releaseDigest: release.digest };
    const { nonce, urgent, signal } = request;
    const pace = this.#pace.begin({ urgent, intervalMs: release.release.policy.scanIntervalMs });
    const pause = (): Promise<void> => {
      progress.step();
      return pace.pause();
    };
    const observation = await observeHost({
      reference,
      hostRoot,
      survey,
      imageSurvey,
      moduleMemory: this.#modules,
      standardMemory,
      nonce,
      pause,
      signal,
      clock,
    });
    pace.done();
    const outcome = await chain.observe(observation);
    const { findings, accounting } = observation;
    const at = timestamp(observation.endedAt);
    this.#last = { at, outcome, findings: findings.length, accounting, error: '' };
    return outcome;
  }
}

import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { CodedError, isCoded, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { type Timestamp, timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Accounting } from '@sealwatch/shared/statement/report.js';
import type { VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import type { Budget, BudgetedScan } from '../budget/budget.js';
import type { ReportChain, Signed } from '../chain/report-chain.js';
import { CapabilityMemory } from '../measure/file/capability-memory.js';
import type { MeasuredHost } from '../measure/measure-host.js';
import { ModuleMemory } from '../measure/module/module-memory.js';
import { type Scope, WHOLE_HOST } from '../measure/scope.js';
import type { CycleProgress } from '../service-manager/cycle-progress.js';
import type { ReleaseStore } from '../state/release-store.js';
import { enrolledReference } from './enrolled-reference.js';
import { afterRecheck, afterWholeLook, byId, type KnownHost, type WholeLook } from './known-host.js';
import { concludeObservation, type HostView, lookAtHost } from './observe-host.js';
import type { ReferenceValues } from './reference-values.js';

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

export interface CycleDeps extends Omit<HostView, 'moduleMemory' | 'capabilityMemory'> {
  readonly host: string;
  readonly inception: VerifiedInception;
  readonly releases: Pick<ReleaseStore, 'current'>;
  readonly chain: ReportChain;
  readonly progress: CycleProgress;
  readonly budget: Budget;
}

export interface CycleRequest {
  /** The challenge to answer, hex. It arrived before. */
  readonly nonce: string | null;
  /** Answers somebody who waits: the background budget does not apply. */
  readonly urgent: boolean;
  readonly signal: AbortSignal;
}

type HostSeen = MeasuredHost & WholeLook & { readonly scan: BudgetedScan };

/**
 * One cycle: which subjects there are, what they are now, how that compares, and a signature under it. Between two of
 * them, of the whole host, what something happened to is looked at again by itself; the two may overlap.
 */
export class Cycle {
  readonly #deps: CycleDeps;
  readonly #view: HostView;
  #known: KnownHost | undefined;
  #last: CycleSummary | undefined;

  constructor(deps: CycleDeps) {
    this.#deps = deps;
    this.#view = { ...deps, moduleMemory: new ModuleMemory(), capabilityMemory: new CapabilityMemory() };
  }

  /** What this host is verified against; undefined while there is nothing: no release, or none that declares it. */
  reference(): ReferenceValues | undefined {
    try {
      return this.#requireReference();
    } catch (error) {
      if (isCoded(error, 'release.missing') || isCoded(error, 'host.undeclared')) return undefined;
      throw error;
    }
  }

  /** How the last look at the whole host went. */
  last(): CycleSummary | undefined {
    return this.#last;
  }

  /**
   * @throws CodedError('release.missing' | 'host.undeclared' | 'request.cancelled' | 'statement.too-large'); nothing is
   *   signed then, least of all a seal
   */
  async run(request: CycleRequest): Promise<Signed> {
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

  /**
   * Looks at some of the host, at once. `unready`: there is no look at the whole host under the release in force that
   * the rest could stand from; nothing was signed.
   * @throws what `run` throws
   */
  async recheck({ scope, signal }: { scope: Scope; signal: AbortSignal }): Promise<Signed | 'unready'> {
    const { chain, progress, clock } = this.#deps;
    return progress.during(async () => {
      const reference = this.#requireReference();
      if (this.#known?.releaseDigest !== reference.releaseDigest) return 'unready';
      const look = await this.#look({ reference, scope, nonce: null, urgent: true, signal });
      // a look at the whole host may have ended meanwhile, under another release even
      const before = this.#known;
      if (before.releaseDigest !== this.#requireReference().releaseDigest) return 'unready';
      const known = (this.#known = afterRecheck(before, look.looks));
      return chain.observe(concludeObservation({ reference, look, known, isWhole: false, nonce: null, clock }));
    });
  }

  async #run({ nonce, urgent, signal }: CycleRequest): Promise<Signed> {
    const { chain, clock } = this.#deps;
    const reference = this.#requireReference();
    const look = await this.#look({ reference, scope: WHOLE_HOST, nonce, urgent, signal });
    look.scan.done();
    this.#view.moduleMemory.forgetUnused();
    const { startedAt, startedMonotonic } = look;
    const known = (this.#known = afterWholeLook(this.#known, {
      releaseDigest: reference.releaseDigest,
      whole: { startedAt, startedMonotonic },
      looks: byId(look.looks),
    }));
    const observation = concludeObservation({ reference, look, known, isWhole: true, nonce, clock });
    const outcome = await chain.observe(observation);
    const { findings, accounting } = observation;
    const at = timestamp(observation.endedAt);
    this.#last = { at, outcome, findings: findings.length, accounting, error: '' };
    return outcome;
  }

  /** Within the budget, if nobody waits. */
  async #look(request: CycleRequest & { reference: ReferenceValues; scope: Scope }): Promise<HostSeen> {
    const { progress, budget, clock } = this.#deps;
    const { reference, scope, nonce, urgent, signal } = request;
    const scan = budget.begin({ urgent, intervalMs: reference.release.policy.scanIntervalMs, signal });
    const pause = (): Promise<void> => {
      progress.step();
      return scan.pause();
    };
    const [startedAt, startedMonotonic] = [clock.wall(), clock.monotonic()];
    const how = { fresh: nonce !== null, pause, onBytes: scan.read, signal };
    const measured = await lookAtHost(this.#view, { reference, scope, ...how });
    return { ...measured, startedAt, startedMonotonic, scan };
  }

  #requireReference(): ReferenceValues & { readonly releaseDigest: Digest } {
    const { host, inception, releases } = this.#deps;
    const release = releases.current();
    if (release === undefined) throw new CodedError('release.missing', 'no release has come yet');
    return { ...enrolledReference({ host, inception, release }), releaseDigest: release.digest };
  }
}

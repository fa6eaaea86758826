import { type Envelope, PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Signer } from '@sealwatch/shared/signing/signer.js';
import { type Head, MAX_REPORT_BYTES, type ReportReason } from '@sealwatch/shared/statement/report.js';
import type { Outbox } from '../outbox/outbox.js';
import { Serial } from '@sealwatch/shared/runtime/serial.js';
import { buildReport } from './build-report.js';
import { buildSeal, heldSince, type HeldState, seenAgain } from './held-state.js';
import type { HostStatement } from './host-statement.js';
import { type Observation, stateOf } from './observation.js';

/** A report is due even if nothing changed; a day less than the week promised, since scans are at most a day apart. */
const REPORT_AGAIN_AFTER_MS = 6 * 86_400_000;

/**
 * What became of an observation. `unchanged`: of some subjects only, and nothing to say. `deferred`: no room for its report
 * yet. `unsealed`: no room for its seal.
 */
export type Signed = 'reported' | 'sealed' | 'unchanged' | 'deferred' | 'unsealed';

interface PendingReport {
  readonly observation: Observation;
  readonly state: Digest;
  readonly reason: ReportReason;
  /** Changes summed up in it once it had to wait, the first included. */
  readonly changes: number;
  readonly since: number;
  readonly deferred: boolean;
}

export interface ReportChainDeps {
  readonly outbox: Outbox;
  readonly origin: HostStatement;
  /** Asked each time: renewal brings a new key. */
  readonly signer: () => Signer;
  readonly log: Logger;
}

/** Turns observations into signed history: a report when something changed, else a seal that it held. */
export class ReportChain {
  readonly #deps: ReportChainDeps;
  readonly #serial = new Serial();
  /** Undefined until the first report of this program run. */
  #held: HeldState | undefined;
  #pending: PendingReport | undefined;
  /** The newest seal that answers a challenge. */
  #answer: { readonly digest: Digest; readonly nonce: string } | undefined;
  #rejected = false;

  constructor(deps: ReportChainDeps) {
    this.#deps = deps;
  }

  /** @throws CodedError('statement.too-large' | 'signer.failed') */
  observe(observation: Observation): Promise<Signed> {
    return this.#serial.run(async () => {
      const state = stateOf(observation);
      const waiting = this.#pending;
      if (waiting !== undefined) {
        // what waits says the same of more
        if (observation.carriedFrom !== null && state === waiting.state) return this.#report(waiting);
        // begun after the waiting report's challenge arrived, so it answers that one too
        const nonce = observation.nonce ?? waiting.observation.nonce;
        const changes = waiting.changes + (state === waiting.state ? 0 : 1);
        this.#pending = { ...waiting, observation: { ...observation, nonce }, state, changes };
        return this.#report(this.#pending);
      }
      // what some subjects are again says nothing of the others
      if (observation.carriedFrom !== null && this.#held?.state === state) return 'unchanged';
      const reason = this.#reasonToReport(observation, state);
      if (reason === undefined && this.#held !== undefined) {
        this.#held = seenAgain(this.#held, observation);
        return this.#seal(this.#held, observation.nonce);
      }
      const since = observation.endedAt;
      return this.#report({ observation, state, reason: reason ?? 'start', changes: 1, since, deferred: false });
    });
  }

  /** There may be room now. */
  async retryDeferred(): Promise<void> {
    if (this.#pending === undefined) return;
    await this.#serial.run(async () => {
      if (this.#pending !== undefined) await this.#report(this.#pending);
    });
  }

  /** Makes sure that everything observed is under a signature. */
  async close(): Promise<void> {
    await this.#serial.run(() => this.#sealUnsealed());
  }

  /** The collector refused a report for good. If it is the newest, the next scan reports anew: seals of it mean nothing. */
  reportRejected({ sequence }: Pick<Head, 'sequence'>): void {
    if (this.#held?.head.sequence === sequence) this.#rejected = true;
  }

  #reasonToReport(observation: Observation, state: Digest): ReportReason | undefined {
    const held = this.#held;
    if (held === undefined) return 'start';
    if (held.releaseDigest !== observation.release.digest) return 'release';
    // beside a seal that names a later time an earlier one would say nothing; a report begins anew
    const setBack = observation.startedAt < held.until;
    if (held.state !== state || setBack) return observation.nonce === null ? 'change' : 'nonce';
    const age = observation.startedMonotonic - held.reportedMonotonic;
    return this.#rejected || age >= REPORT_AGAIN_AFTER_MS ? 'periodic' : undefined;
  }

  async #report(pending: PendingReport): Promise<Signed> {
    const { outbox, log, origin } = this.#deps;
    await this.#sealUnsealed();
    const { observation, reason, changes } = pending;
    const last = outbox.head();
    const sequence = (last?.sequence ?? 0) + 1;
    const previous = last?.digest ?? origin.previousHead;
    const folded = pending.deferred ? { changes, since: timestamp(pending.since) } : null;
    const envelope = await this.#signReport(buildReport(observation, { origin, sequence, previous, reason, folded }));
    const head = { epoch: origin.epoch, sequence, digest: sha256(envelope.payload) };
    try {
      await outbox.addReport({ head, envelope, bodies: observation.subjects.map(({ body }) => body) });
    } catch (error) {
      if (!isNoRoom(error)) throw error;
      log.warn(
        { code: error.code, sequence, changes, err: error },
        'No room for a report; changes are being summed up',
      );
      if (reason === 'periodic' && this.#held !== undefined) {
        this.#held = seenAgain(this.#held, observation);
        return this.#seal(this.#held, observation.nonce);
      }
      this.#pending = { ...pending, deferred: true };
      return 'deferred';
    }
    this.#pending = undefined;
    this.#rejected = false;
    this.#held = heldSince(head, observation);
    log.info({ sequence, reason, findings: observation.findings.length, folded: folded?.changes }, 'Report signed');
    return 'reported';
  }

  async #sealUnsealed(): Promise<void> {
    const held = this.#held;
    if (held !== undefined && held.observations > held.sealed) await this.#seal(held, null);
  }

  /** An answer still on its way would be replaced by this seal, so this seal answers too: it was measured later. */
  async #seal(held: HeldState, nonce: string | null): Promise<Signed> {
    const { outbox, log, origin, signer } = this.#deps;
    const answers = nonce ?? this.#undeliveredNonce();
    const envelope = await signEnvelope(PAYLOAD_TYPES.seal, buildSeal(held, origin, answers), signer());
    try {
      await outbox.putSeal({ place: held.head, envelope });
    } catch (error) {
      if (!isNoRoom(error)) throw error;
      log.warn({ code: error.code, sequence: held.head.sequence, err: error }, 'No room for a seal');
      return 'unsealed';
    }
    this.#held = { ...held, sealed: held.observations };
    this.#answer = answers === null ? undefined : { digest: sha256(envelope.payload), nonce: answers };
    return 'sealed';
  }

  #undeliveredNonce(): string | null {
    const answer = this.#answer;
    if (answer === undefined) return null;
    const waits = this.#deps.outbox.waiting().some(({ digest }) => digest === answer.digest);
    return waits ? answer.nonce : null;
  }

  async #signReport(report: ReturnType<typeof buildReport>): Promise<Envelope> {
    const envelope = await signEnvelope(PAYLOAD_TYPES.report, report, this.#deps.signer());
    const { length } = envelope.payload;
    if (length <= MAX_REPORT_BYTES) return envelope;
    // no collector would take it, and it would block everything behind it
    throw new CodedError(
      'statement.too-large',
      `the report would have ${String(length)} bytes; see the manifest's size`,
    );
  }
}

function isNoRoom(error: unknown): error is CodedError {
  return isCoded(error, 'store.full') || isCoded(error, 'store.unavailable');
}

import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import type { Head } from '@sealwatch/shared/statement/report.js';

/** One signed statement on its way to the collector. A seal's place is that of the report it seals. */
export interface StatementRef extends Head {
  readonly kind: 'report' | 'seal';
}

export interface OutboxUsage {
  readonly reports: number;
  readonly seals: number;
  readonly bytes: number;
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** What was signed and not yet acknowledged, in order, and the chain's head. Nothing is sent that is not in here. */
export interface Outbox {
  /** The newest report ever added, delivered or not; null before the first of this enrolment. */
  head(): Head | null;

  /**
   * After it resolves, envelope and bodies survive a crash and the head is this report.
   * @throws CodedError('store.full') if the bounds or the disk leave no room; nothing has changed then
   */
  addReport(report: { head: Head; envelope: Envelope; bodies: readonly MeasurementBody[] }): Promise<void>;

  /**
   * Replaces a waiting seal of the same report. Bounds do not apply: there is at most one per report.
   * @throws CodedError('store.full') if the disk is
   */
  putSeal(seal: { place: Head; envelope: Envelope }): Promise<void>;

  /** By sequence, a report before its seal. */
  waiting(): readonly StatementRef[];

  /** Undefined if it was settled or replaced meanwhile. */
  envelope(ref: StatementRef): Promise<Envelope | undefined>;

  /** Bodies of waiting reports and of the head's report, in no order. Unknown digests are left out. */
  bodies(digests: readonly Digest[]): Promise<MeasurementBody[]>;

  /** The collector has it for good. Does nothing if it was settled or replaced meanwhile. */
  settle(ref: StatementRef): Promise<void>;

  /** Sets it aside for people, with the reason, never to be sent again; a rejected report takes its seal along. */
  reject(ref: StatementRef, reason: { code: string; message: string }): Promise<void>;

  usage(): OutboxUsage;

  /** Calls after each change of what waits. Returns how to stop. */
  subscribe(listener: () => void): () => void;
}

export interface OutboxBounds {
  /** Reports. */
  readonly maxEntries: number;
  /** Envelopes and bodies together, as files. */
  readonly maxBytes: number;
}

export const DEFAULT_OUTBOX_BOUNDS: OutboxBounds = { maxEntries: 1000, maxBytes: 64 * 1024 * 1024 };

export function sameRef(a: StatementRef, b: StatementRef): boolean {
  return a.kind === b.kind && a.sequence === b.sequence && a.epoch === b.epoch && a.digest === b.digest;
}

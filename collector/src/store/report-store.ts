import type { Verdict } from '@sealwatch/shared/appraisal/verdict.js';
import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import type { Timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import type { HostAspect } from '@sealwatch/shared/subject/subject.js';
import type { Paged, Page } from './paging.js';

/** A report that was verified and judged, ready to be remembered. */
export interface ReportRecord {
  readonly host: string;
  readonly head: Head;
  /** Kept byte for byte as it came. */
  readonly envelope: Envelope;
  readonly signedAt: Timestamp;
  readonly receivedAt: Timestamp;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Bodies that came with it; those known already are left alone. */
  readonly bodies: readonly MeasurementBody[];
  /** Certificate authorities seen; the first sight of each is kept for ever. */
  readonly authorities: readonly { readonly aspect: HostAspect; readonly digest: Digest }[];
  /** The sequence expected if reports are missing before this one. */
  readonly gapFrom: number | null;
  /** Host time until which earlier evidence reaches, if nothing proves what was from then to this report. */
  readonly unprovenSince: Timestamp | null;
  /** It sums up changes that got no report of their own. */
  readonly isFolded: boolean;
}

export interface SealRecord {
  readonly host: string;
  /** The report it seals. */
  readonly head: Head;
  readonly digest: Digest;
  readonly envelope: Envelope;
  readonly since: Timestamp;
  readonly until: Timestamp;
  readonly receivedAt: Timestamp;
}

/** Something that must never be forgotten: a fork, a gap, a rejected signature, a second instance. */
export interface Alarm {
  readonly at: Timestamp;
  readonly host: string;
  /** An error code. */
  readonly code: string;
  readonly message: string;
  /** What raised it, if it was signed. */
  readonly envelope: Envelope | null;
}

export interface VerdictChange {
  readonly at: Timestamp;
  /** Empty for the cluster. */
  readonly host: string;
  readonly verdict: Verdict;
  readonly previous: Verdict;
  /** `CODE SUBJECT` of what decides now. */
  readonly reasons: readonly string[];
}

export interface HistoryEntry {
  readonly at: Timestamp;
  readonly kind: 'report' | 'seal' | 'gap' | 'unproven' | 'folded' | 'alarm' | 'enrollment' | 'revocation' | 'verdict';
  /** Of a report or seal: the host's time under signature, a seal's end. `at` is when it came. */
  readonly signedAt: Timestamp | null;
  readonly epoch: number;
  readonly sequence: number;
  readonly verdict: Verdict | null;
  readonly details: readonly string[];
  readonly digest: Digest | null;
}

/** A report from which on a subject's measurement was another one than in the report before it. */
export interface SubjectState {
  readonly epoch: number;
  readonly sequence: number;
  /** The host's time under signature. */
  readonly signedAt: Timestamp;
  readonly receivedAt: Timestamp;
  /** Of the measurement; null: from here on the reports have no such subject. */
  readonly digest: Digest | null;
  /** Uncompressed; null if there is no digest or no readable body of it. */
  readonly body: Buffer | null;
  /** Reports right before this one that are not there: the change may be theirs. */
  readonly missingReports: number;
  /** Changes of the host that got no report of their own and are summed up in this one. */
  readonly foldedChanges: number;
}

/** What the collector needs of each host to go on after a restart. */
export interface StoredHostState {
  readonly host: string;
  readonly head: Head;
  /** The head's report, as it came. */
  readonly report: Envelope;
  /** Receive time of the newest report or seal. */
  readonly lastReceivedAt: Timestamp;
  /** Newest host time under signature: the report's `at` or the seal's `until`. */
  readonly evidenceAt: Timestamp;
  readonly seal: Envelope | null;
}

export interface ReportWriter {
  /**
   * Atomic: envelope, bodies, head, authorities, gap. After it resolves, a crash loses nothing.
   * `duplicate` if this very report is there; it also returns so when it was recorded by an earlier attempt.
   * @throws CodedError('chain.fork') if another digest stands at this sequence; CodedError('store.full') if the disk is
   */
  recordReport(record: ReportRecord): Promise<'recorded' | 'duplicate'>;
  /** Replaces the previous seal of the same report on the same UTC day. */
  recordSeal(record: SealRecord): Promise<'recorded' | 'duplicate'>;
  recordAlarm(alarm: Alarm): Promise<void>;
  recordVerdictChange(change: VerdictChange): Promise<void>;
}

export interface ReportReader {
  head(host: string): Promise<Head | undefined>;
  /** Digest of the report at a place in a chain. */
  digestAt(host: string, epoch: number, sequence: number): Promise<Digest | undefined>;
  report(
    host: string,
    epoch: number,
    sequence: number,
  ): Promise<{ envelope: Envelope; receivedAt: Timestamp } | undefined>;
  /** Uncompressed. Digests not stored are missing from the map. */
  bodies(digests: readonly Digest[]): Promise<Map<Digest, Buffer>>;
  /** Every authority digest a host was ever seen with, oldest first. */
  authorities(host: string): Promise<{ aspect: HostAspect; digest: Digest; firstSeenAt: Timestamp }[]>;
  /** Newest first, without gaps or doubles while reports arrive. */
  history(host: string, page: Page): Promise<Paged<HistoryEntry>>;
  /**
   * The reports at which a subject's measurement changed, newest first, ending with the first that had it. A page may
   * be short or empty and not be the last: one call looks into so many reports and no more.
   * @param subject a subject's id
   * @throws CodedError('store.corrupt') for a report that is not what was recorded
   */
  subjectHistory(host: string, subject: string, page: Page): Promise<Paged<SubjectState>>;
  hostStates(): Promise<StoredHostState[]>;
  /** The latest wall-clock time any record carries: below it our clock was set back. */
  highWater(): Promise<Timestamp | undefined>;
}

export type ReportStore = ReportWriter & ReportReader;

import * as z from 'zod/mini';
import { isFindingCode, type FindingCode } from '../appraisal/finding-catalogue.js';
import type { Finding } from '../appraisal/finding.js';
import type { Digest } from '../hashing/digest.js';
import { countSchema, digestSchema, timestampSchema } from '../measurement/field-schemas.js';
import { type Timestamp, wallTime } from '../runtime/timestamp.js';
import { HOST_NAME, EVIDENCE_KINDS, type EvidenceKind } from '../subject/component.js';
import { type AgentSelf, agentSelfSchema } from './agent-self.js';
import { type ScanSpending, scanSpendingSchema } from './scan-spending.js';
import { CLUSTER_ID } from '../trust/identity.js';

/**
 * What a host signs at each change (RFC 9334 §8.1: Evidence with its claims set). Chained: `previous` is the SHA-256
 * of the previous report's DSSE payload, so no report can be taken out, put in or reordered later.
 */
export interface Report {
  readonly schema: 'sealwatch/report/v1';
  readonly clusterId: string;
  readonly host: string;
  /** The enrolment's count. */
  readonly epoch: number;
  /** From 1 within an epoch. */
  readonly sequence: number;
  /** Null only for the first report of the first epoch; an epoch after `--replace` begins with the old head. */
  readonly previous: Digest | null;
  readonly inception: Digest;
  readonly release: { readonly version: number; readonly digest: Digest };
  /** Which appraisal rules the findings come from. */
  readonly ruleset: number;
  readonly reason: ReportReason;
  /** The challenge this report answers, hex. */
  readonly nonce: string | null;
  readonly bootId: string;
  /** Random per program start, hex. */
  readonly instance: string;
  readonly agentVersion: string;
  readonly hostRoot: string;
  readonly at: Timestamp;
  /** Milliseconds on the host's monotonic clock at `at`. */
  readonly monotonicMs: number;
  readonly subjects: readonly ReportedSubject[];
  readonly findings: readonly Finding[];
  /** Evidence kinds this agent version does not measure. */
  readonly notMeasured: readonly EvidenceKind[];
  /** Changes of state that could not get a report of their own (a full outbox) and are summed up in this one. */
  readonly folded: { readonly changes: number; readonly since: Timestamp } | null;
  /**
   * Only some subjects were looked at, because something had happened to them; the others stand as a look at the whole
   * host saw them that began then, or later. Left out: the whole host was looked at.
   */
  readonly carriedFrom?: Timestamp;
  readonly accounting: Accounting;
  /** Left out by agents that did not look at themselves yet. */
  readonly self?: AgentSelf;
}

export const REPORT_REASONS = ['start', 'change', 'release', 'nonce', 'periodic'] as const;
export type ReportReason = (typeof REPORT_REASONS)[number];

export interface ReportedSubject {
  /** `subjectId` */
  readonly id: string;
  /** Digest of the measurement body. */
  readonly measurement: Digest;
}

/**
 * How much older than the report its oldest evidence may be, by the host's own clock. Milliseconds; without end if it
 * claims to be younger, which no agent says: then nothing of it is fresh.
 */
export function carriedForMs({ at, carriedFrom }: Pick<Report, 'at' | 'carriedFrom'>): number {
  if (carriedFrom === undefined) return 0;
  const age = wallTime(at) - wallTime(carriedFrom);
  return age < 0 ? Number.POSITIVE_INFINITY : age;
}

/** What the agent itself cost the host for the cycle behind this report. */
export interface Accounting {
  readonly cycleMs: number;
  /** Since the program started. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly bytesRead: number;
  /** Opened to TLS services. */
  readonly connections: number;
  /** Left out by agents that had no budget yet, and where no agent runs. */
  readonly scan?: ScanSpending;
}

/** Position in a host's chain. */
export interface Head {
  readonly epoch: number;
  readonly sequence: number;
  readonly digest: Digest;
}

export const MAX_SUBJECTS = 2000;
export const MAX_REPORT_BYTES: number = 768 * 1024;

const hex = (bytes: number): z.ZodMiniString =>
  z.string().check(z.regex(new RegExp(`^[0-9a-f]{${String(bytes * 2)}}$`)));
const printed = z.string().check(z.maxLength(5000));

const findingSchema: z.ZodMiniType<Finding> = z.strictObject({
  code: z.custom<FindingCode>((v) => typeof v === 'string' && isFindingCode(v)),
  subject: z.string().check(z.minLength(1), z.maxLength(4500)),
  expected: z.nullable(printed),
  observed: z.nullable(printed),
});

export const accountingSchema: z.ZodMiniType<Accounting> = z.strictObject({
  cycleMs: countSchema,
  cpuMs: countSchema,
  rssBytes: countSchema,
  bytesRead: countSchema,
  // reports of before there was this count are read for ever
  connections: z._default(countSchema, 0),
  scan: z.exactOptional(scanSpendingSchema),
});

export const reportSchema: z.ZodMiniType<Report> = z.strictObject({
  schema: z.literal('sealwatch/report/v1'),
  clusterId: z.string().check(z.regex(CLUSTER_ID)),
  host: z.string().check(z.regex(HOST_NAME)),
  epoch: z.int().check(z.positive()),
  sequence: z.int().check(z.positive()),
  previous: z.nullable(digestSchema),
  inception: digestSchema,
  release: z.strictObject({ version: z.int().check(z.positive()), digest: digestSchema }),
  ruleset: z.int().check(z.positive()),
  reason: z.enum(REPORT_REASONS),
  nonce: z.nullable(hex(16)),
  bootId: z.string().check(z.maxLength(64)),
  instance: hex(16),
  agentVersion: z.string().check(z.maxLength(64)),
  hostRoot: z.string().check(z.maxLength(4096)),
  at: timestampSchema,
  monotonicMs: countSchema,
  subjects: z
    .array(z.strictObject({ id: z.string().check(z.minLength(1), z.maxLength(4500)), measurement: digestSchema }))
    .check(z.maxLength(MAX_SUBJECTS)),
  findings: z.array(findingSchema).check(z.maxLength(2 * MAX_SUBJECTS)),
  notMeasured: z.array(z.enum(EVIDENCE_KINDS)),
  folded: z.nullable(z.strictObject({ changes: z.int().check(z.positive()), since: timestampSchema })),
  carriedFrom: z.exactOptional(timestampSchema),
  accounting: accountingSchema,
  self: z.exactOptional(agentSelfSchema),
});

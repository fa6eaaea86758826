import * as z from 'zod/mini';
import type { JudgedFinding } from '../appraisal/evaluate.js';
import { SEVERITIES } from '../appraisal/catalogue-entry.js';
import type { FindingCode } from '../appraisal/finding-catalogue.js';
import { VERDICTS } from '../appraisal/verdict.js';
import { isCalendarDate } from '../cmvp/calendar-date.js';
import type { StatusReason } from '../cmvp/certificate-status.js';
import { LISTED_STATUSES, type ValidationStandard } from '../cmvp/cmvp-snapshot.js';
import type { ModuleParagraph } from '../cmvp/module-paragraph.js';
import { countSchema, digestSchema, timestampSchema } from '../measurement/field-schemas.js';
import type { Generation } from '../platform/operating-system.js';
import { EVIDENCE_KINDS, ROLES } from '../subject/component.js';
import type { HostPressure, OutsideBudget, ScanSpending } from '../statement/scan-spending.js';
import { MODES } from '../trust/inception.js';
import type { ChangeWindow, HostWindow } from './change-window.js';
import type {
  CheckResult,
  Coverage,
  HostResult,
  MatchedManifest,
  ServiceFacts,
  SubjectResult,
} from './check-result.js';
import type { ModuleSummary, ModuleSummaryFacts } from './module-summary.js';
import type { PlatformSummary } from './platform-summary.js';

/**
 * The check document as a client reads it. Additive: fields a newer collector adds are kept and passed on; everything
 * that decides (verdicts, statuses, severities, mode) must be a word this version knows.
 */
const text = z.string();
const nullableText = z.nullable(text);
const date = text.check(z.refine(isCalendarDate));

const generationSchema: z.ZodMiniType<Generation> = z.literal([7, 8, 9, 10]);

const judgedFinding: z.ZodMiniType<JudgedFinding> = z.looseObject({
  // a newer collector's codes come with their own meaning and remedy
  code: z.custom<FindingCode>((code) => typeof code === 'string' && /^[a-z-]+\.[a-z-]+$/.test(code)),
  subject: text,
  expected: nullableText,
  observed: nullableText,
  severity: z.enum(SEVERITIES),
  meaning: text,
  remedy: text,
  references: z.exactOptional(
    z.array(
      z.looseObject({
        generation: generationSchema,
        rule: text,
        stig: z.nullable(z.tuple([text, text])),
        cce: nullableText,
      }),
    ),
  ),
});

const serviceFacts: z.ZodMiniType<ServiceFacts> = z.looseObject({
  address: text,
  preferred: z.nullable(z.looseObject({ version: text, suite: text, preference: text })),
  method: nullableText,
  supported: z.array(text),
  versions: z.array(z.looseObject({ version: text, suites: z.array(text) })),
  groups: z.array(text),
  signatureSchemes: z.array(text),
  certificates: z.array(z.looseObject({ fingerprint: digestSchema, notAfter: z.nullable(timestampSchema) })),
  programs: z.array(z.looseObject({ executable: text, digest: z.nullable(digestSchema) })),
});

const platformSummary: z.ZodMiniType<PlatformSummary> = z.looseObject({
  system: z.nullable(
    z.looseObject({
      name: text,
      support: z.enum(['supported', 'recognised', 'unsupported']),
      generation: z.nullable(generationSchema),
    }),
  ),
  kernelRelease: nullableText,
  fips: z.looseObject({
    state: z.enum(['enabled', 'disabled', 'inconsistent', 'unknown']),
    witnesses: z.array(z.looseObject({ name: text, says: z.enum(['yes', 'no', 'unknown']), observed: text })),
  }),
  cryptoPolicy: z.looseObject({ configured: nullableText, applied: nullableText }),
  hmacs: z.looseObject({ checked: countSchema, matching: countSchema }),
});

const moduleSummary: z.ZodMiniType<ModuleSummary> = z.looseObject({
  where: anyWord<ModuleSummary['where']>(),
  path: text,
  state: anyWord<ModuleSummary['state']>(),
  problem: nullableText,
  facts: z.nullable(
    z.looseObject({
      backend: anyWord<ModuleSummaryFacts['backend']>(),
      integrity: anyWord<ModuleSummaryFacts['integrity']>(),
      identity: z.looseObject({
        state: anyWord<ModuleSummaryFacts['identity']['state']>(),
        name: nullableText,
        version: nullableText,
        hash: nullableText,
        length: z.nullable(countSchema),
        reason: nullableText,
      }),
      certificates: z.array(
        z.looseObject({ number: countSchema, status: z.enum([...LISTED_STATUSES, 'unknown']), on: date }),
      ),
      approvedMode: z.looseObject({ state: anyWord<never>() }),
      operatingEnvironment: anyWord<'not-examined'>(),
      tlsRestricted: anyWord<ModuleSummaryFacts['tlsRestricted']>(),
    }),
  ),
});

const subjectResult: z.ZodMiniType<SubjectResult> = z.looseObject({
  id: text,
  kind: z.enum(EVIDENCE_KINDS),
  label: text,
  statement: text,
  status: z.enum(['ok', 'fail', 'warn', 'unknown', 'not-checked']),
  observed: nullableText,
  findings: z.array(judgedFinding),
  notes: z.exactOptional(z.array(text)),
  manifests: z.exactOptional(
    z.array(
      z.looseObject({
        id: text,
        digest: digestSchema,
        state: anyWord<MatchedManifest['state']>(),
        from: timestampSchema,
        until: z.nullable(timestampSchema),
      }),
    ),
  ),
  service: z.exactOptional(serviceFacts),
  module: z.exactOptional(z.array(moduleSummary)),
  platform: z.exactOptional(platformSummary),
});

const scanSpending: z.ZodMiniType<ScanSpending> = z.looseObject({
  cpuMs: countSchema,
  pausedMs: countSchema,
  outsideBudget: z.nullable(anyWord<OutsideBudget>()),
  worstTurnMs: countSchema,
  pressure: z.nullable(
    z.looseObject({
      source: anyWord<HostPressure['source']>(),
      cpu: z.nullable(countSchema),
      io: z.nullable(countSchema),
      memory: z.nullable(countSchema),
    }),
  ),
});

const hostWindow: z.ZodMiniType<HostWindow> = z.looseObject({
  state: anyWord<HostWindow['state']>(),
  manifests: z.array(z.looseObject({ id: text, digest: digestSchema })),
});

const changeWindow: z.ZodMiniType<ChangeWindow> = z.looseObject({
  state: anyWord<ChangeWindow['state']>(),
  until: z.nullable(timestampSchema),
  manifests: z.array(
    z.looseObject({
      id: text,
      digest: digestSchema,
      from: timestampSchema,
      until: z.nullable(timestampSchema),
      hosts: z.array(text),
    }),
  ),
});

export const hostResultSchema: z.ZodMiniType<HostResult> = z.looseObject({
  name: text,
  role: z.enum(ROLES),
  verdict: z.enum(VERDICTS),
  answered: z.boolean(),
  evidenceAt: z.nullable(timestampSchema),
  head: z.nullable(z.looseObject({ epoch: countSchema, sequence: countSchema, digest: digestSchema })),
  subjects: z.array(subjectResult),
  findings: z.array(judgedFinding),
  agentVersion: nullableText,
  accounting: z.nullable(
    z.looseObject({
      cycleMs: countSchema,
      cpuMs: countSchema,
      rssBytes: countSchema,
      bytesRead: countSchema,
      connections: z._default(countSchema, 0),
      scan: z.exactOptional(scanSpending),
    }),
  ),
  self: z.exactOptional(
    z.looseObject({
      program: z.nullable(digestSchema),
      runtime: z.nullable(digestSchema),
      node: text,
      openssl: text,
      refusesUnapproved: z.boolean(),
    }),
  ),
  changeWindow: z.exactOptional(hostWindow),
  folded: z.exactOptional(z.looseObject({ changes: countSchema, since: timestampSchema })),
});

const coverage: z.ZodMiniType<Coverage> = z.looseObject({
  declared: countSchema,
  answered: countSchema,
  failing: z.array(z.looseObject({ name: text, verdict: z.enum(VERDICTS) })),
  undeclared: z.array(text),
  removed: z.array(z.looseObject({ name: text, removedAt: timestampSchema })),
  notMeasured: z.array(z.enum(EVIDENCE_KINDS)),
});

/** A word that decides nothing: a newer collector may know more of them. */
function anyWord<T extends string>(): z.ZodMiniType<T> {
  return z.custom<T>((value) => typeof value === 'string');
}

const certificates: z.ZodMiniType<ModuleParagraph> = z.looseObject({
  on: date,
  asOf: date,
  source: text,
  modules: z.array(
    z.looseObject({
      claimant: text,
      module: text,
      certificate: z.nullable(countSchema),
      validation: z.nullable(
        z.looseObject({
          status: z.enum([...LISTED_STATUSES, 'unknown']),
          because: anyWord<StatusReason>(),
          since: z.nullable(date),
          asOf: date,
          stale: z.boolean(),
          certificate: z.nullable(
            z.looseObject({
              number: countSchema,
              vendor: text,
              module: text,
              standard: anyWord<ValidationStandard>(),
              level: countSchema,
              status: z.enum(LISTED_STATUSES),
              validated: z.array(date),
              sunset: z.nullable(date),
              caveat: nullableText,
              url: text,
            }),
          ),
        }),
      ),
    }),
  ),
  sentences: z.array(text),
});

export const checkResultSchema: z.ZodMiniType<CheckResult> = z.looseObject({
  schema: z.literal('sealwatch/check/v1'),
  checkedAt: timestampSchema,
  verdict: z.enum(VERDICTS),
  cluster: z.looseObject({
    id: text,
    name: text,
    mode: z.enum(MODES),
    adopted: z.nullable(z.looseObject({ reason: text })),
  }),
  release: z.nullable(z.looseObject({ version: countSchema, digest: digestSchema })),
  manifests: z.array(
    z.looseObject({
      id: text,
      digest: digestSchema,
      notAfter: timestampSchema,
      until: z.exactOptional(z.nullable(timestampSchema)),
    }),
  ),
  demonstration: z.boolean(),
  cached: z.boolean(),
  findings: z.array(judgedFinding),
  hosts: z.array(hostResultSchema),
  coverage,
  certificates: z.exactOptional(certificates),
  changeWindow: z.exactOptional(changeWindow),
});

import * as z from 'zod/mini';
import type { JudgedFinding } from '../appraisal/evaluate.js';
import { type FindingCode, SEVERITIES } from '../appraisal/finding-catalogue.js';
import { VERDICTS } from '../appraisal/verdict.js';
import { countSchema, digestSchema, timestampSchema } from '../measurement/measurement-schema.js';
import { EVIDENCE_KINDS, ROLES } from '../subject/component.js';
import { MODES } from '../trust/inception.js';
import type { CheckResult, Coverage, HostResult, SubjectResult } from './check-result.js';

/**
 * The check document as a client reads it. Additive: fields a newer collector adds are kept and passed on; everything
 * that decides (verdicts, statuses, severities, mode) must be a word this version knows.
 */
const text = z.string();
const nullableText = z.nullable(text);

const judgedFinding: z.ZodMiniType<JudgedFinding> = z.looseObject({
  // a newer collector's codes come with their own meaning and remedy
  code: z.custom<FindingCode>((code) => typeof code === 'string' && /^[a-z-]+\.[a-z-]+$/.test(code)),
  subject: text,
  expected: nullableText,
  observed: nullableText,
  severity: z.enum(SEVERITIES),
  meaning: text,
  remedy: text,
});

const subjectResult: z.ZodMiniType<SubjectResult> = z.looseObject({
  id: text,
  kind: z.enum(EVIDENCE_KINDS),
  label: text,
  statement: text,
  status: z.enum(['ok', 'fail', 'warn', 'unknown', 'not-checked']),
  observed: nullableText,
  findings: z.array(judgedFinding),
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
    z.looseObject({ cycleMs: countSchema, cpuMs: countSchema, rssBytes: countSchema, bytesRead: countSchema }),
  ),
});

const coverage: z.ZodMiniType<Coverage> = z.looseObject({
  declared: countSchema,
  answered: countSchema,
  failing: z.array(z.looseObject({ name: text, verdict: z.enum(VERDICTS) })),
  undeclared: z.array(text),
  removed: z.array(z.looseObject({ name: text, removedAt: timestampSchema })),
  notMeasured: z.array(z.enum(EVIDENCE_KINDS)),
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
  manifests: z.array(z.looseObject({ id: text, digest: digestSchema, notAfter: timestampSchema })),
  demonstration: z.boolean(),
  cached: z.boolean(),
  findings: z.array(judgedFinding),
  hosts: z.array(hostResultSchema),
  coverage,
});

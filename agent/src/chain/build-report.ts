import { RULESET } from '@sealwatch/shared/appraisal/appraise.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { VERSION } from '@sealwatch/shared/runtime/version.js';
import type { Report, ReportReason } from '@sealwatch/shared/statement/report.js';
import { EVIDENCE_KINDS, MEASURED_EVIDENCE } from '@sealwatch/shared/subject/component.js';
import type { HostStatement } from './host-statement.js';
import type { Observation } from './observation.js';

/** An observation as the next link of the chain. */
export function buildReport(
  observation: Observation,
  link: {
    origin: HostStatement;
    sequence: number;
    previous: Digest | null;
    reason: ReportReason;
    folded: Report['folded'];
  },
): Report {
  const { origin, sequence, previous, reason, folded } = link;
  return {
    schema: 'sealwatch/report/v1',
    clusterId: origin.clusterId,
    host: origin.host,
    epoch: origin.epoch,
    sequence,
    previous,
    inception: origin.inception,
    release: { version: observation.release.version, digest: observation.release.digest },
    ruleset: RULESET,
    reason,
    nonce: observation.nonce,
    bootId: origin.bootId,
    instance: origin.instance,
    agentVersion: VERSION,
    hostRoot: origin.hostRoot,
    at: timestamp(observation.endedAt),
    monotonicMs: observation.hostMonotonicMs,
    subjects: observation.subjects.map(({ id, body }) => ({ id, measurement: body.digest })),
    findings: observation.findings,
    notMeasured: EVIDENCE_KINDS.filter((kind) => !MEASURED_EVIDENCE.includes(kind)),
    folded,
    ...(observation.carriedFrom === null ? {} : { carriedFrom: timestamp(observation.carriedFrom.startedAt) }),
    accounting: observation.accounting,
    self: origin.self,
  };
}

import { appraise, manifestsInForce } from '@sealwatch/shared/appraisal/appraise.js';
import { evaluate, verdictOf } from '@sealwatch/shared/appraisal/evaluate.js';
import { finding } from '@sealwatch/shared/appraisal/finding.js';
import { worst } from '@sealwatch/shared/appraisal/verdict.js';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { hostResult } from '@sealwatch/shared/check/host-result.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { VERSION } from '@sealwatch/shared/runtime/version.js';
import { EVIDENCE_KINDS, MEASURED_EVIDENCE } from '@sealwatch/shared/subject/component.js';
import { fileSubjects } from '../inventory/file-subjects.js';
import { measureHost } from '../measure/host/measure-host.js';
import type { StandardModeMemory } from '../measure/host/standard-mode-memory.js';
import type { ReferenceValues } from './reference-values.js';

export interface HostVerification {
  readonly reference: ReferenceValues;
  readonly hostRoot: string;
  readonly standardMemory: StandardModeMemory;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * One cycle on this host, judged here and now, without a network: the same measuring, appraising and evaluating that
 * the agent and the collector do. Nothing is signed or kept.
 * @throws CodedError('request.cancelled')
 */
export async function verifyHost(input: HostVerification): Promise<CheckResult> {
  const { reference, hostRoot, standardMemory, clock, signal } = input;
  const { host, cluster } = reference;
  const { policy } = reference.release;
  const start = clock.monotonic();
  const subjects = fileSubjects(reference.manifests);
  const { measurements, bytesRead } = await measureHost({ hostRoot, subjects, standardMemory, signal });
  const at = timestamp(clock.wall());
  const context = { ...reference, at };
  const judged = evaluate(appraise(measurements, context), policy);
  const { user, system } = process.cpuUsage();
  const result = hostResult({
    name: host,
    context,
    measurements,
    ...judged,
    answered: true,
    evidenceAt: at,
    head: null,
    agentVersion: VERSION,
    accounting: {
      cycleMs: Math.round(clock.monotonic() - start),
      cpuMs: Math.round((user + system) / 1000),
      rssBytes: process.memoryUsage.rss(),
      bytesRead,
    },
  });
  const ofCluster =
    cluster.mode === 'fips' ? [] : [finding('cluster.standard-mode', 'cluster', 'mode fips', 'standard')];
  const { findings } = evaluate(ofCluster, policy);
  const verdict = worst([result.verdict, verdictOf(findings)]);
  return {
    schema: 'sealwatch/check/v1',
    checkedAt: at,
    verdict,
    cluster,
    release:
      reference.releaseDigest === null ? null : { version: reference.release.version, digest: reference.releaseDigest },
    manifests: manifestsInForce(context).map(({ digest, manifest: { id, notAfter } }) => ({ id, digest, notAfter })),
    demonstration: policy.demonstration,
    cached: false,
    findings,
    hosts: [result],
    coverage: {
      declared: 1,
      answered: 1,
      failing: result.verdict === 'compliant' ? [] : [{ name: host, verdict: result.verdict }],
      undeclared: [],
      removed: [],
      notMeasured: EVIDENCE_KINDS.filter((kind) => !MEASURED_EVIDENCE.includes(kind)),
    },
  };
}

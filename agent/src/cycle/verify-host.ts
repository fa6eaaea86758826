import { appraise, manifestsInForce } from '@sealwatch/shared/appraisal/appraise.js';
import { requiredServices } from '@sealwatch/shared/appraisal/appraise-services.js';
import { evaluate, verdictOf } from '@sealwatch/shared/appraisal/evaluate.js';
import { finding } from '@sealwatch/shared/appraisal/finding.js';
import { worst } from '@sealwatch/shared/appraisal/verdict.js';
import { certificateSection } from '@sealwatch/shared/check/certificate-section.js';
import { changeWindow } from '@sealwatch/shared/check/change-window.js';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { hostResult } from '@sealwatch/shared/check/host-result.js';
import { manifestSummaries } from '@sealwatch/shared/check/manifest-summaries.js';
import { notLookedAt } from '@sealwatch/shared/check/not-looked-at.js';
import { moduleClaimsOf } from '@sealwatch/shared/check/module-claims.js';
import type { CalendarDate } from '@sealwatch/shared/cmvp/calendar-date.js';
import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { VERSION } from '@sealwatch/shared/runtime/version.js';
import { fileSubjects } from '../inventory/file-subjects.js';
import { wantedImages } from '../inventory/wanted-images.js';
import { wantedModules } from '../inventory/wanted-modules.js';
import { wantedProcesses } from '../inventory/wanted-processes.js';
import { ImageSurvey } from '../measure/image/image-survey.js';
import { measureHost } from '../measure/measure-host.js';
import { ModuleMemory } from '../measure/module/module-memory.js';
import { WHOLE_HOST } from '../measure/scope.js';
import { ServiceSurvey } from '../measure/service/service-survey.js';
import type { StandardModeMemory } from '../measure/host/standard-mode-memory.js';
import { describeSelf } from '../self/describe-self.js';
import type { ReferenceValues } from './reference-values.js';

export interface HostVerification {
  readonly reference: ReferenceValues;
  readonly hostRoot: string;
  readonly containerd: Containerd;
  readonly standardMemory: StandardModeMemory;
  /** The day for which certificates are judged; null: today. */
  readonly asOf: CalendarDate | null;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * One cycle on this host, judged here and now, without a network: the same measuring, appraising and evaluating that
 * the agent and the collector do. Nothing is signed or kept.
 * @throws CodedError('request.cancelled')
 */
export async function verifyHost(input: HostVerification): Promise<CheckResult> {
  const { reference, hostRoot, containerd, standardMemory, asOf, clock, signal } = input;
  const { host, cluster } = reference;
  const { policy } = reference.release;
  const start = clock.monotonic();
  const { looks, bytesRead, connections } = await measureHost({
    scope: WHOLE_HOST,
    hostRoot,
    files: fileSubjects(reference.manifests),
    services: requiredServices(reference),
    survey: new ServiceSurvey({ clock }),
    images: wantedImages(reference),
    imageSurvey: new ImageSurvey({ clock, containerd }),
    processes: wantedProcesses(reference),
    modules: wantedModules(reference),
    moduleMemory: new ModuleMemory(),
    standardMemory,
    fresh: true,
    signal,
    clock,
  });
  const measurements = looks.map(({ measurement }) => measurement);
  const at = timestamp(clock.wall());
  const context = { ...reference, at };
  const ofHost = evaluate(appraise(measurements, context), policy);
  const { user, system } = process.cpuUsage();
  const result = hostResult({
    name: host,
    context,
    measurements,
    ...ofHost,
    answered: true,
    evidenceAt: at,
    head: null,
    agentVersion: VERSION,
    self: await describeSelf(),
    accounting: {
      cycleMs: Math.round(clock.monotonic() - start),
      cpuMs: Math.round((user + system) / 1000),
      rssBytes: process.memoryUsage.rss(),
      bytesRead,
      connections,
    },
  });
  const ofCluster =
    cluster.mode === 'fips' ? [] : [finding('cluster.standard-mode', 'cluster', 'mode fips', 'standard')];
  const inForce = manifestsInForce(context);
  const claims = moduleClaimsOf([measurements], inForce);
  const judged = certificateSection({ release: reference.release, claims, asOf, at });
  const findings = [...evaluate(ofCluster, policy).findings, ...judged.findings];
  const window = changeWindow(context, [{ name: host, measurements }]);
  const verdict = worst([result.verdict, verdictOf(findings)]);
  return {
    schema: 'sealwatch/check/v1',
    checkedAt: at,
    verdict,
    cluster,
    release:
      reference.releaseDigest === null ? null : { version: reference.release.version, digest: reference.releaseDigest },
    manifests: manifestSummaries(context),
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
      notMeasured: notLookedAt(policy),
    },
    certificates: judged.certificates,
    ...(window === undefined ? {} : { changeWindow: window }),
  };
}

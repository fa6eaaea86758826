import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import { requiredServices } from '@sealwatch/shared/appraisal/appraise-services.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { subjectId } from '@sealwatch/shared/subject/subject.js';
import type { Observation } from '../chain/observation.js';
import { fileSubjects } from '../inventory/file-subjects.js';
import { wantedImages } from '../inventory/wanted-images.js';
import { wantedModules } from '../inventory/wanted-modules.js';
import { wantedProcesses } from '../inventory/wanted-processes.js';
import { measureHost } from '../measure/measure-host.js';
import type { ImageSurvey } from '../measure/image/image-survey.js';
import type { ModuleMemory } from '../measure/module/module-memory.js';
import type { ServiceSurvey } from '../measure/service/service-survey.js';
import type { StandardModeMemory } from '../measure/host/standard-mode-memory.js';
import type { ReferenceValues } from './reference-values.js';

export interface HostObserving {
  readonly reference: ReferenceValues & { readonly releaseDigest: Digest };
  readonly hostRoot: string;
  readonly survey: ServiceSurvey;
  readonly imageSurvey: ImageSurvey;
  readonly moduleMemory: ModuleMemory;
  readonly standardMemory: StandardModeMemory;
  readonly nonce: string | null;
  readonly pause: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** One cycle up to the signature: inventory, measure, appraise. @throws CodedError('request.cancelled') */
export async function observeHost(input: HostObserving): Promise<Observation> {
  const { reference, hostRoot, survey, imageSurvey, moduleMemory, standardMemory, nonce, pause, signal, clock } = input;
  const startedAt = clock.wall();
  const startedMonotonic = clock.monotonic();
  const { measurements, bytesRead, connections } = await measureHost({
    hostRoot,
    files: fileSubjects(reference.manifests),
    services: requiredServices(reference),
    survey,
    images: wantedImages(reference),
    imageSurvey,
    processes: wantedProcesses(reference),
    modules: wantedModules(reference),
    moduleMemory,
    standardMemory,
    fresh: nonce !== null,
    pause,
    signal,
  });
  const endedAt = clock.wall();
  const cycleMs = Math.round(clock.monotonic() - startedMonotonic);
  const hostMonotonicMs = Math.floor(Number(process.hrtime.bigint() / 1_000_000n));
  const findings = appraise(measurements, { ...reference, at: timestamp(endedAt) });
  const { user, system } = process.cpuUsage();
  return {
    startedAt,
    endedAt,
    startedMonotonic,
    hostMonotonicMs,
    release: { version: reference.release.version, digest: reference.releaseDigest },
    subjects: measurements.map((measurement) => ({
      id: subjectId(measurement.subject),
      body: encodeMeasurement(measurement),
    })),
    findings,
    nonce,
    accounting: {
      cycleMs,
      cpuMs: Math.round((user + system) / 1000),
      rssBytes: process.memoryUsage.rss(),
      bytesRead,
      connections,
    },
  };
}

import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { subjectId } from '@sealwatch/shared/subject/subject.js';
import type { Observation } from '../chain/observation.js';
import { fileSubjects } from '../inventory/file-subjects.js';
import { measureHost } from '../measure/host/measure-host.js';
import type { StandardModeMemory } from '../measure/host/standard-mode-memory.js';
import type { ReferenceValues } from './reference-values.js';

export interface HostObserving {
  readonly reference: ReferenceValues & { readonly releaseDigest: Digest };
  readonly hostRoot: string;
  readonly standardMemory: StandardModeMemory;
  readonly nonce: string | null;
  readonly pause: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** One cycle up to the signature: inventory, measure, appraise. @throws CodedError('request.cancelled') */
export async function observeHost(input: HostObserving): Promise<Observation> {
  const { reference, hostRoot, standardMemory, nonce, pause, signal, clock } = input;
  const startedAt = clock.wall();
  const startedMonotonic = clock.monotonic();
  const subjects = fileSubjects(reference.manifests);
  const { measurements, bytesRead } = await measureHost({ hostRoot, subjects, standardMemory, pause, signal });
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
    },
  };
}

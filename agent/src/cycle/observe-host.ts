import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import { requiredServices } from '@sealwatch/shared/appraisal/appraise-services.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Accounting } from '@sealwatch/shared/statement/report.js';
import type { BudgetedScan } from '../budget/budget.js';
import type { Observation } from '../chain/observation.js';
import { fileSubjects } from '../inventory/file-subjects.js';
import { wantedImages } from '../inventory/wanted-images.js';
import { wantedModules } from '../inventory/wanted-modules.js';
import { wantedProcesses } from '../inventory/wanted-processes.js';
import { type MeasuredHost, measureHost } from '../measure/measure-host.js';
import type { CapabilityMemory } from '../measure/file/capability-memory.js';
import type { ImageSurvey } from '../measure/image/image-survey.js';
import type { ModuleMemory } from '../measure/module/module-memory.js';
import type { Scope } from '../measure/scope.js';
import type { ServiceSurvey } from '../measure/service/service-survey.js';
import type { StandardModeMemory } from '../measure/host/standard-mode-memory.js';
import type { KnownHost, WholeLook } from './known-host.js';
import type { ReferenceValues } from './reference-values.js';

/** Whatever a look needs that is the same for every one. */
export interface HostView {
  readonly hostRoot: string;
  readonly survey: ServiceSurvey;
  readonly imageSurvey: ImageSurvey;
  readonly moduleMemory: ModuleMemory;
  readonly capabilityMemory: CapabilityMemory;
  readonly standardMemory: StandardModeMemory;
  readonly clock: Clock;
}

export interface HostLook {
  readonly reference: ReferenceValues;
  readonly scope: Scope;
  /** Somebody asked: nothing that was seen before this call may stand in for a look. */
  readonly fresh: boolean;
  readonly pause: () => Promise<void>;
  /** Called with what was read, as it is read. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Inventory and measuring, of all the release names for this host or of some of it. @throws CodedError('request.cancelled') */
export function lookAtHost(view: HostView, look: HostLook): Promise<MeasuredHost> {
  const { reference, ...how } = look;
  return measureHost({
    ...view,
    ...how,
    files: fileSubjects(reference.manifests),
    services: requiredServices(reference),
    images: wantedImages(reference),
    processes: wantedProcesses(reference),
    modules: wantedModules(reference),
  });
}

export interface Observing {
  readonly reference: ReferenceValues & { readonly releaseDigest: Digest };
  /** The last look and what is known after it. */
  readonly look: Pick<MeasuredHost, 'bytesRead' | 'connections'> &
    WholeLook & { readonly scan: Pick<BudgetedScan, 'spent'> };
  readonly known: KnownHost;
  readonly isWhole: boolean;
  readonly nonce: string | null;
  readonly clock: Clock;
}

/** What is known of the host now, appraised, as it is to be signed. */
export function concludeObservation({ reference, look, known, isWhole, nonce, clock }: Observing): Observation {
  const { startedAt, startedMonotonic, bytesRead, connections, scan } = look;
  const endedAt = clock.wall();
  const measurements = [...known.looks.values()].map(({ measurement }) => measurement);
  return {
    startedAt,
    endedAt,
    startedMonotonic,
    carriedFrom: isWhole ? null : bothClocks(known.whole, { wall: endedAt, monotonic: clock.monotonic() }),
    hostMonotonicMs: Math.floor(Number(process.hrtime.bigint() / 1_000_000n)),
    release: { version: reference.release.version, digest: reference.releaseDigest },
    subjects: [...known.looks].map(([id, { measurement }]) => ({ id, body: encodeMeasurement(measurement) })),
    findings: appraise(measurements, { ...reference, at: timestamp(endedAt) }),
    nonce,
    accounting: {
      ...ownCosts(),
      cycleMs: Math.round(clock.monotonic() - startedMonotonic),
      bytesRead,
      connections,
      scan: scan.spent(),
    },
  };
}

/** As old as the clock says that makes it older: a wall clock that was set, or a host that slept, makes nothing younger. */
function bothClocks(whole: WholeLook, now: { readonly wall: number; readonly monotonic: number }): WholeLook {
  const startedAt = Math.min(whole.startedAt, Math.round(now.wall - (now.monotonic - whole.startedMonotonic)));
  return { ...whole, startedAt };
}

/** Of this program since it started. */
function ownCosts(): Pick<Accounting, 'cpuMs' | 'rssBytes'> {
  const { user, system } = process.cpuUsage();
  return { cpuMs: Math.round((user + system) / 1000), rssBytes: process.memoryUsage.rss() };
}

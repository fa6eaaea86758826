import { measureFile } from '@sealwatch/shared/hashing/measure-file.js';
import type { FileMeasurement } from '@sealwatch/shared/measurement/file-measurement.js';
import type { HostMeasurement } from '@sealwatch/shared/measurement/host-measurement.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import type { FileSubject } from '@sealwatch/shared/subject/subject.js';
import type { ServicePolicy } from '@sealwatch/shared/trust/policy.js';
import type { WantedImages } from '../inventory/wanted-images.js';
import type { WantedComponents } from '../inventory/wanted-processes.js';
import { measureAuthority } from './host/measure-authority.js';
import type { StandardModeMemory } from './host/standard-mode-memory.js';
import type { ImageSurvey } from './image/image-survey.js';
import { measureModules } from './module/measure-modules.js';
import type { ModuleMemory } from './module/module-memory.js';
import { measurePlatform } from './platform/measure-platform.js';
import { newCycleMemory } from './process/cycle-memory.js';
import { measureProcesses } from './process/measure-processes.js';
import { rpmPackageDatabase } from './process/rpm-package-database.js';
import { createHashOnce } from './service/hash-memory.js';
import type { ServiceSurvey } from './service/service-survey.js';
import { throwIfStopped } from './throw-if-stopped.js';

export interface HostMeasuring {
  /** Where the host's file system is seen from here: `/proc/1/root`. */
  readonly hostRoot: string;
  readonly files: readonly FileSubject[];
  readonly services: readonly ServicePolicy[];
  readonly survey: ServiceSurvey;
  readonly images: readonly WantedImages[];
  readonly imageSurvey: ImageSurvey;
  /** Null: processes are not asked for. */
  readonly processes: WantedComponents | null;
  /** Null: modules are not asked for. */
  readonly modules: WantedComponents | null;
  /** What files came to in scans before. */
  readonly moduleMemory: ModuleMemory;
  readonly standardMemory: StandardModeMemory;
  /** Somebody asked: nothing that was seen before this call may stand in for a look. */
  readonly fresh: boolean;
  /** Waits between two slices of hashing; a background scan sleeps here. Default: one turn of the event loop. */
  readonly pause?: () => Promise<void>;
  /** Ends the scan before the next file. */
  readonly signal?: AbortSignal;
}

export interface MeasuredHost {
  /** In the order of their ids, if the files are. */
  readonly measurements: readonly Measurement[];
  readonly bytesRead: number;
  /** To TLS services. */
  readonly connections: number;
}

/**
 * One scan of the whole host, one thing after the other. Everything that can be seen is seen: what can't be read is a
 * measurement that says so, and never ends the scan. Unchanged hosts give equal measurements in equal order.
 * @throws CodedError('request.cancelled') once `signal` is aborted, nothing else
 */
export async function measureHost(input: HostMeasuring): Promise<MeasuredHost> {
  const {
    hostRoot,
    files,
    services,
    survey,
    images,
    imageSurvey,
    processes,
    modules,
    moduleMemory,
    standardMemory,
    fresh,
  } = input;
  const { pause = nextTurn, signal = NEVER } = input;
  let bytesRead = 0;
  const onBytes = (bytes: number): void => {
    bytesRead += bytes;
  };
  const measuredFiles: FileMeasurement[] = [];
  for (const subject of files) {
    throwIfStopped(signal);
    measuredFiles.push(await measureFile(hostRoot, subject, { pause, onBytes }));
  }
  const host: HostMeasurement[] = [
    await measureAuthority(hostRoot, 'etcd-ca', standardMemory),
    await measureAuthority(hostRoot, 'kubernetes-ca', standardMemory),
    await measurePlatform(hostRoot, { pause, onBytes }),
  ];
  // containers, processes and services can run the same file
  const memory = newCycleMemory();
  const looking = { hostRoot, fresh, hashOnce: createHashOnce(memory.digests), pause, signal };
  const imaged = await imageSurvey.measure({ components: images, onBytes, ...looking });
  const containerPids = imageSurvey.firstProcesses();
  const inProcesses = { containerPids, procRoot: '/proc', hostRoot, memory, pause, onBytes, signal };
  const running =
    processes === null
      ? []
      : await measureProcesses({ ...processes, ...inProcesses, packages: rpmPackageDatabase({ hostRoot }) });
  const inPrograms = modules === null ? [] : await measureModules({ ...modules, ...inProcesses, moduleMemory, fresh });
  const served = await survey.measure({ services, ...looking });
  return {
    measurements: [...measuredFiles, ...host, ...imaged, ...running, ...inPrograms, ...served.measurements],
    bytesRead,
    connections: served.connections,
  };
}

const NEVER = new AbortController().signal;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

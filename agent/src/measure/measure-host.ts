import { measureFile } from '@sealwatch/shared/hashing/measure-file.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { FileSubject } from '@sealwatch/shared/subject/subject.js';
import type { ServicePolicy } from '@sealwatch/shared/trust/policy.js';
import type { WantedImages } from '../inventory/wanted-images.js';
import type { WantedComponents } from '../inventory/wanted-processes.js';
import { CapabilityMemory } from './file/capability-memory.js';
import { measureAuthority } from './host/measure-authority.js';
import type { StandardModeMemory } from './host/standard-mode-memory.js';
import type { ImageSurvey } from './image/image-survey.js';
import { measureModules } from './module/measure-modules.js';
import type { ModuleMemory } from './module/module-memory.js';
import { measurePlatform } from './platform/measure-platform.js';
import { newCycleMemory } from './process/cycle-memory.js';
import { measureProcesses } from './process/measure-processes.js';
import { rpmPackageDatabase } from './process/rpm-package-database.js';
import { hasComponent, hasKind, type Scope } from './scope.js';
import { createHashOnce } from './service/hash-memory.js';
import type { ServiceSurvey } from './service/service-survey.js';
import { throwIfStopped } from './throw-if-stopped.js';

export interface HostMeasuring {
  /** What is looked at, of all that follows. */
  readonly scope: Scope;
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
  /** Which capabilities files had in looks before. Default: nothing is known, each file is asked for. */
  readonly capabilityMemory?: CapabilityMemory;
  /** Somebody asked: nothing that was seen before this call may stand in for a look. */
  readonly fresh: boolean;
  /** Waits between two slices of hashing; a background scan sleeps here. Default: one turn of the event loop. */
  readonly pause?: () => Promise<void>;
  /** Called with what was read, as it is read. */
  readonly onBytes?: (bytes: number) => void;
  /** Ends the scan before the next file. */
  readonly signal?: AbortSignal;
  readonly clock: Clock;
}

/** One subject, and when the look at it began (monotonic milliseconds): nothing that was seen is older. */
export interface Look {
  readonly measurement: Measurement;
  readonly beganAt: number;
}

export interface MeasuredHost {
  /** In a fixed order. */
  readonly looks: readonly Look[];
  readonly bytesRead: number;
  /** To TLS services. */
  readonly connections: number;
}

/**
 * One look at the host, one thing after the other. Everything that can be seen is seen: what can't be read is a
 * measurement that says so, and never ends the scan. Unchanged hosts give equal measurements in equal order.
 * @throws CodedError('request.cancelled') once `signal` is aborted, nothing else
 */
export async function measureHost(input: HostMeasuring): Promise<MeasuredHost> {
  const { scope, hostRoot, services, survey, images, imageSurvey, moduleMemory, standardMemory, fresh, clock } = input;
  const { pause = nextTurn, signal = NEVER, capabilityMemory = new CapabilityMemory() } = input;
  let bytesRead = 0;
  let connections = 0;
  const onBytes = (bytes: number): void => {
    bytesRead += bytes;
    input.onBytes?.(bytes);
  };
  const looks: Look[] = [];
  const look = async (measure: () => Promise<readonly Measurement[]>): Promise<void> => {
    throwIfStopped(signal);
    const beganAt = clock.monotonic();
    for (const measurement of await measure()) looks.push({ measurement, beganAt });
  };
  const capabilitiesOf = capabilityMemory.begin({ fresh, signal });
  for (const subject of input.files) {
    if (!hasComponent(scope, 'file', subject.component)) continue;
    await look(async () => [await measureFile(hostRoot, subject, { pause, onBytes, capabilitiesOf })]);
  }
  if (hasKind(scope, 'host')) {
    await look(async () => [
      await measureAuthority(hostRoot, 'etcd-ca', standardMemory),
      await measureAuthority(hostRoot, 'kubernetes-ca', standardMemory),
      await measurePlatform(hostRoot, { pause, onBytes }),
    ]);
  }
  // containers, processes and services can run the same file
  const memory = newCycleMemory();
  const looking = { hostRoot, fresh, hashOnce: createHashOnce(memory.digests), pause, signal };
  if (hasKind(scope, 'image')) await look(() => imageSurvey.measure({ components: images, onBytes, ...looking }));
  const containerPids = imageSurvey.firstProcesses();
  const inProcesses = { containerPids, procRoot: '/proc', hostRoot, memory, pause, onBytes, signal };
  const processes = narrowed(input.processes, (component) => hasComponent(scope, 'process', component));
  if (processes !== null) {
    const packages = rpmPackageDatabase({ hostRoot, signal });
    await look(() => measureProcesses({ ...processes, ...inProcesses, packages }));
  }
  const modules = narrowed(input.modules, (component) => hasComponent(scope, 'module', component));
  if (modules !== null) await look(() => measureModules({ ...modules, ...inProcesses, moduleMemory, fresh }));
  if (hasKind(scope, 'service')) {
    await look(async () => {
      const served = await survey.measure({ services, ...looking });
      connections += served.connections;
      return served.measurements;
    });
  }
  return { looks, bytesRead, connections };
}

/** Null: there is nothing to look for. */
function narrowed(wanted: WantedComponents | null, isWithin: (component: string) => boolean): WantedComponents | null {
  const components = wanted?.components.filter(isWithin) ?? [];
  return wanted === null || components.length === 0 ? null : { ...wanted, components };
}

const NEVER = new AbortController().signal;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

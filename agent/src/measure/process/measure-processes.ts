import { MAX_BODY_BYTES } from '@sealwatch/shared/measurement/measurement-body.js';
import {
  type FoundAs,
  MAX_PROCESSES,
  type ProcessMeasurement,
  type SeenProcess,
} from '@sealwatch/shared/measurement/process-measurement.js';
import { filesByName } from '@sealwatch/shared/manifest/components-of-kind.js';
import type { VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { containerProcesses } from './container-processes.js';
import type { CycleMemory } from './cycle-memory.js';
import { findProcesses, type FoundProcess } from './find-processes.js';
import type { ProcessIdentity } from './identify-process.js';
import { measureProcess } from './measure-process.js';
import type { MeasuringOptions } from './measuring-options.js';

export interface ProcessesMeasuring extends MeasuringOptions {
  /** In order. */
  readonly components: readonly string[];
  readonly manifests: readonly VerifiedManifest[];
  /** First processes of the components' containers. */
  readonly containerPids: ReadonlyMap<string, readonly number[]>;
  readonly procRoot: string;
  readonly hostRoot: string;
  readonly memory: CycleMemory;
}

interface Candidate {
  readonly component: string;
  readonly process: ProcessIdentity;
  readonly by: FoundAs;
}

/**
 * Every process of every component, in the order of the components; equal ones once. One that ends meanwhile is none.
 * @throws CodedError('request.cancelled')
 */
export async function measureProcesses(input: ProcessesMeasuring): Promise<ProcessMeasurement[]> {
  const { components, manifests, containerPids, procRoot, hostRoot, memory, ...options } = input;
  const files = filesByName(manifests);
  const { found, blind } = await findProcesses({
    procRoot,
    hostRoot,
    wanted: components.map((component) => ({
      component,
      executables: (files.get(component) ?? []).flatMap(({ paths }) => paths),
      units: [`${component}.service`],
    })),
    ...options,
  });
  const inContainers = containerProcesses(procRoot, containerPids);
  const candidates = [
    ...inContainers.map((one): Candidate => ({ ...one, by: 'container' })),
    // what a unit's program starts has its own executable; only the program itself must be the component's
    ...found.filter(({ by, unitMain }) => by !== 'unit' || unitMain),
  ];
  const seen = new Map<string, Map<string, SeenProcess>>(components.map((name) => [name, new Map()]));
  for (const { component, process, by } of distinct(candidates)) {
    const observation = await measureProcess({ process, procRoot, hostRoot, memory, ...options });
    if (observation.state === 'ended') continue;
    const one: SeenProcess = { by, ...observation };
    seen.get(component)?.set(JSON.stringify(one), one);
  }
  return components.map((component) => measurementOf(component, seen.get(component) ?? new Map(), blind));
}

/** A process found in two ways is one; what its runtime or its file says of it counts before its name. */
function distinct(candidates: readonly (Candidate | FoundProcess)[]): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { component, process, by } of candidates) {
    const key = `${component} ${String(process.pid)}`;
    const before = found.get(key);
    if (before === undefined || ORDER.indexOf(by) < ORDER.indexOf(before.by)) {
      found.set(key, { component, process, by });
    }
  }
  return [...found.values()];
}

const ORDER: readonly FoundAs[] = ['container', 'executable', 'unit', 'name'];
/** Of a body, for everything around the processes. */
const RESERVE = 16 * 1024;

function measurementOf(
  component: string,
  seen: ReadonlyMap<string, SeenProcess>,
  blind: readonly string[],
): ProcessMeasurement {
  const sorted = [...seen].sort(([a], [b]) => (a < b ? -1 : 1));
  const processes: SeenProcess[] = [];
  let left = MAX_BODY_BYTES - RESERVE;
  for (const [text, one] of sorted.slice(0, MAX_PROCESSES)) {
    const size = Buffer.byteLength(text);
    left -= size;
    processes.push(left >= 0 ? one : { state: 'unreadable', by: one.by, reason: 'more facts than a report can hold' });
  }
  const more = sorted.length > MAX_PROCESSES ? [`more than ${String(MAX_PROCESSES)} different processes`] : [];
  return {
    subject: { kind: 'process', component },
    observed: { state: 'seen', processes, blind: [...blind.slice(0, 19), ...more] },
  };
}

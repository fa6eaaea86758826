import { MAX_BODY_BYTES } from '@sealwatch/shared/measurement/measurement-body.js';
import {
  MAX_PROCESSES,
  type ProcessMeasurement,
  type SeenProcess,
} from '@sealwatch/shared/measurement/process-measurement.js';
import type { VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { componentProcesses } from './component-processes.js';
import type { FirstProcesses } from './container-owners.js';
import type { CycleMemory } from './cycle-memory.js';
import { measureProcess } from './measure-process.js';
import type { MeasuringOptions } from './measuring-options.js';

export interface ProcessesMeasuring extends MeasuringOptions {
  /** In order. */
  readonly components: readonly string[];
  readonly manifests: readonly VerifiedManifest[];
  /** First processes of the components' containers. */
  readonly containerPids: FirstProcesses;
  readonly procRoot: string;
  readonly hostRoot: string;
  readonly memory: CycleMemory;
}

/**
 * Every process of every component, in the order of the components; equal ones once. One that ends meanwhile is none.
 * @throws CodedError('request.cancelled')
 */
export async function measureProcesses(input: ProcessesMeasuring): Promise<ProcessMeasurement[]> {
  const { components, manifests, containerPids, procRoot, hostRoot, memory, ...options } = input;
  const search = { components, manifests, containerPids, procRoot, hostRoot, ...options };
  const { found, blind } = await componentProcesses(search);
  const seen = new Map<string, Map<string, SeenProcess>>(components.map((name) => [name, new Map()]));
  for (const { component, process, by } of found) {
    const observation = await measureProcess({ process, procRoot, hostRoot, memory, ...options });
    if (observation.state === 'ended') continue;
    const one: SeenProcess = { by, ...observation };
    seen.get(component)?.set(JSON.stringify(one), one);
  }
  return components.map((component) => measurementOf(component, seen.get(component) ?? new Map(), blind));
}

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

import { filesByName } from '@sealwatch/shared/manifest/components-of-kind.js';
import type { VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import type { FoundAs } from '@sealwatch/shared/measurement/process-measurement.js';
import type { WantedComponents } from '../../inventory/wanted-processes.js';
import type { FirstProcesses } from './container-owners.js';
import { findProcesses, type FoundProcess, type ProcessSearch } from './find-processes.js';
import type { ProcessIdentity } from './identify-process.js';
import { settledContainers } from './settled-containers.js';
import type { WantedProcesses } from './wanted-processes.js';

export interface ComponentSearch extends Omit<ProcessSearch, 'wanted'> {
  readonly components: readonly string[];
  readonly manifests: readonly VerifiedManifest[];
  /** First processes of the components' containers. */
  readonly containerPids: FirstProcesses;
}

export interface ComponentProcess {
  readonly component: string;
  readonly process: ProcessIdentity;
  readonly by: FoundAs;
}

/** How the processes of components are known that no container runtime started. */
export function processesOnHost({ components, manifests }: WantedComponents): WantedProcesses[] {
  const files = filesByName(manifests);
  return components.map((component) => ({
    component,
    executables: (files.get(component) ?? []).flatMap(({ paths }) => paths),
    units: [`${component}.service`],
  }));
}

/**
 * The processes of each component, on the host and in containers, each once.
 * @throws CodedError('request.cancelled')
 */
export async function componentProcesses(
  search: ComponentSearch,
): Promise<{ found: ComponentProcess[]; blind: readonly string[] }> {
  const { components, manifests, containerPids, ...options } = search;
  const { found, blind } = await findProcesses({ wanted: processesOnHost({ components, manifests }), ...options });
  const inContainers = await settledContainers(options.procRoot, containerPids, options.signal);
  const candidates = [
    ...inContainers.found.map((one): ComponentProcess => ({ ...one, by: 'container' })),
    // what a unit's program starts has its own executable; only the program itself must be the component's
    ...found.filter(({ by, unitMain }) => by !== 'unit' || unitMain),
  ];
  return { found: distinct(candidates), blind: [...new Set([...blind, ...inContainers.blind])].sort() };
}

/** A process found in two ways is one; what its runtime or its file says of it counts before its name. */
function distinct(candidates: readonly (ComponentProcess | FoundProcess)[]): ComponentProcess[] {
  const found = new Map<string, ComponentProcess>();
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

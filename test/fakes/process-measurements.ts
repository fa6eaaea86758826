import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { ProcessMeasurement, SeenProcess } from '@sealwatch/shared/measurement/process-measurement.js';
import type { ExecutableFacts, Known, MappedFileFacts, ProcessFacts } from '@sealwatch/shared/proc/process-facts.js';
import { plainDigest } from './check-results.js';

export function known<T>(value: T): Known<T> {
  return { state: 'known', value };
}

export function mapped(path: string, digest: Digest, changes: Partial<MappedFileFacts> = {}): MappedFileFacts {
  return {
    path,
    role: 'library',
    digest: known(digest),
    onDisk: { state: 'same' },
    text: { state: 'equal', privatePages: 0 },
    writable: false,
    systemDirectory: true,
    preloaded: false,
    package: null,
    ...changes,
  };
}

/** The signed kubelet of the appraisal world, linked statically. */
export function kubeletFacts(
  changes: Partial<ProcessFacts> = {},
  executable: Partial<ExecutableFacts> = {},
): ProcessFacts {
  const path = '/usr/bin/kubelet';
  return {
    executable: { path, digest: known(plainDigest('a')), onDisk: { state: 'same' }, ...executable },
    files: [mapped(path, plainDigest('a'), { role: 'executable' })],
    moreFiles: false,
    anonymous: [],
    vdso: 'equal',
    environment: known([]),
    preload: known([]),
    tracer: known(null),
    root: 'host',
    mountNamespace: known('host'),
    mounts: known([]),
    ...changes,
  };
}

export function runningKubelet(
  facts: ProcessFacts = kubeletFacts(),
  by: SeenProcess['by'] = 'executable',
): ProcessMeasurement {
  return processesOf('kubelet', [{ state: 'running', by, facts }]);
}

export function processesOf(
  component: string,
  processes: readonly SeenProcess[],
  blind: readonly string[] = [],
): ProcessMeasurement {
  return { subject: { kind: 'process', component }, observed: { state: 'seen', processes, blind } };
}

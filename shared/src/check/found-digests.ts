import type { Digest } from '../hashing/digest.js';
import type { FileMeasurement } from '../measurement/file-measurement.js';
import type { ImageMeasurement } from '../measurement/image-measurement.js';
import type { Measurement } from '../measurement/measurement.js';
import type { ModuleMeasurement } from '../measurement/module-measurement.js';
import type { ProcessMeasurement } from '../measurement/process-measurement.js';

/** What was found of one component, by which manifests know it: images by their configs, all else by its files. */
export interface FoundDigests {
  readonly kind: 'file' | 'image' | 'process' | 'module';
  readonly component: string;
  /** Of a file: only entries with this path count. */
  readonly path: string | null;
  /** Each thing found. One with several digests is of whatever manifest lists any of them. */
  readonly found: readonly (readonly Digest[])[];
}

/** Undefined for what no manifest lists: services and the host itself. */
export function foundDigests(measurement: Measurement): FoundDigests | undefined {
  const { subject } = measurement;
  switch (subject.kind) {
    case 'file':
      return { ...subject, found: ofFile(measurement as FileMeasurement) };
    case 'image':
      return { ...subject, path: null, found: ofImages(measurement as ImageMeasurement) };
    case 'process':
      return { ...subject, path: null, found: ofProcesses(measurement as ProcessMeasurement) };
    case 'module':
      return { ...subject, path: null, found: ofPrograms(measurement as ModuleMeasurement) };
    case 'service':
    case 'host':
      return undefined;
  }
}

function ofFile({ observed }: FileMeasurement): Digest[][] {
  return observed.state === 'present' ? [[observed.digest]] : [];
}

/** What runs decides. Where nothing does, a version that lies unused beside another is no second thing. */
function ofImages({ observed }: ImageMeasurement): Digest[][] {
  if (observed.state !== 'seen') return [];
  const { containers, stored } = observed;
  if (containers.length > 0) return apart(containers.flatMap(({ config }) => config ?? []));
  const configs = stored.flatMap(({ config }) => config ?? []);
  return configs.length === 0 ? [] : [configs];
}

function ofProcesses({ observed }: ProcessMeasurement): Digest[][] {
  const digests = observed.processes.flatMap((seen) =>
    seen.state === 'running' && seen.facts.executable.digest.state === 'known'
      ? [seen.facts.executable.digest.value]
      : [],
  );
  return apart(digests);
}

function ofPrograms({ observed }: ModuleMeasurement): Digest[][] {
  return apart(observed.programs.flatMap((program) => (program.state === 'program' ? [program.digest] : [])));
}

function apart(digests: readonly Digest[]): Digest[][] {
  return [...new Set(digests)].map((digest) => [digest]);
}

import { parseForeignYaml } from '@sealwatch/shared/yaml/parse-foreign-yaml.js';

/** What a pod's specification says about starting one of its containers. */
export interface PodContainer {
  readonly name: string;
  /** As it is written; empty if nothing is. */
  readonly image: string;
  /** `command` with `args`, as they are written. Without a `command` the image's own goes before. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Of a name that stands twice the last counts. Null: its value stands somewhere else. */
  readonly environment: ReadonlyMap<string, string | null>;
  /** Variables may come from a whole source of them (`envFrom`). */
  readonly hasMoreEnvironment: boolean;
  readonly mounts: readonly PodMount[];
}

export interface PodMount {
  /** As it is written: relative ones count from the root. */
  readonly mountPath: string;
  readonly volume: string;
  /** The pod's volume by that name: `hostPath`, `emptyDir`, …; null if it has none. */
  readonly type: string | null;
  /** Of a `hostPath`. */
  readonly hostPath: string | null;
}

export type DecodedPod =
  | { readonly state: 'read'; readonly containers: readonly PodContainer[] }
  | { readonly state: 'unreadable'; readonly reason: string };

const MAX_CONTAINERS = 64;

type Volumes = ReadonlyMap<string, Pick<PodMount, 'type' | 'hostPath'>>;

/** The containers of a `v1` Pod in YAML or JSON; those that only prepare it are not among them. Never throws. */
export function decodePod(bytes: Uint8Array, maxBytes: number): DecodedPod {
  const parsed = parseForeignYaml(bytes, maxBytes);
  if (parsed.state === 'unreadable') return parsed;
  const spec = field(parsed.value, 'spec');
  const listed = field(spec, 'containers');
  if (field(parsed.value, 'kind') !== 'Pod' || !Array.isArray(listed)) return unreadable('no pod');
  if (listed.length > MAX_CONTAINERS) return unreadable(`more than ${String(MAX_CONTAINERS)} containers`);
  const volumes = decodeVolumes(field(spec, 'volumes'));
  if (volumes === undefined) return unreadable('a pod with a malformed volume');
  const containers: PodContainer[] = [];
  for (const value of listed) {
    const container = decodeContainer(value, volumes);
    if (container === undefined) return unreadable('a pod with a malformed container');
    containers.push(container);
  }
  return { state: 'read', containers };
}

function decodeContainer(value: unknown, volumes: Volumes): PodContainer | undefined {
  const name = field(value, 'name');
  const image = field(value, 'image') ?? '';
  const command = texts(field(value, 'command'));
  const args = texts(field(value, 'args'));
  const environment = decodeEnvironment(field(value, 'env'));
  const mounts = decodeMounts(field(value, 'volumeMounts'), volumes);
  if (typeof name !== 'string' || typeof image !== 'string' || command === undefined || args === undefined) {
    return undefined;
  }
  if (environment === undefined || mounts === undefined) return undefined;
  return { name, image, command, args, environment, hasMoreEnvironment: !isNothing(field(value, 'envFrom')), mounts };
}

function decodeEnvironment(value: unknown): Map<string, string | null> | undefined {
  const environment = new Map<string, string | null>();
  if (isNothing(value)) return environment;
  if (!Array.isArray(value)) return undefined;
  for (const entry of value) {
    const name = field(entry, 'name');
    const written = field(entry, 'value');
    if (typeof name !== 'string' || !(isNothing(written) || typeof written === 'string')) return undefined;
    environment.set(name, isNothing(field(entry, 'valueFrom')) ? (written ?? '') : null);
  }
  return environment;
}

function decodeMounts(value: unknown, volumes: Volumes): PodMount[] | undefined {
  if (isNothing(value)) return [];
  if (!Array.isArray(value)) return undefined;
  const mounts: PodMount[] = [];
  for (const entry of value) {
    const mountPath = field(entry, 'mountPath');
    const volume = field(entry, 'name');
    if (typeof mountPath !== 'string' || typeof volume !== 'string') return undefined;
    mounts.push({ mountPath, volume, type: null, hostPath: null, ...volumes.get(volume) });
  }
  return mounts;
}

function decodeVolumes(value: unknown): Volumes | undefined {
  const volumes = new Map<string, Pick<PodMount, 'type' | 'hostPath'>>();
  if (isNothing(value)) return volumes;
  if (!Array.isArray(value)) return undefined;
  for (const entry of value) {
    const name = field(entry, 'name');
    if (!(entry instanceof Map) || typeof name !== 'string') return undefined;
    // a volume is named, and has one more key that says what it is
    const type = [...(entry as ReadonlyMap<unknown, unknown>).keys()].find((key) => key !== 'name');
    const hostPath = field(field(entry, 'hostPath'), 'path');
    volumes.set(name, {
      type: typeof type === 'string' ? type : null,
      hostPath: typeof hostPath === 'string' ? hostPath : null,
    });
  }
  return volumes;
}

function texts(value: unknown): string[] | undefined {
  if (isNothing(value)) return [];
  return Array.isArray(value) && value.every((item): item is string => typeof item === 'string') ? value : undefined;
}

function field(value: unknown, name: string): unknown {
  return value instanceof Map ? (value.get(name) as unknown) : undefined;
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function unreadable(reason: string): DecodedPod {
  return { state: 'unreadable', reason };
}

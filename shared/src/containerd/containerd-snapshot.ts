import type { Info } from '../wire/generated/containerd/services/snapshots/v1/Info.js';

/** A snapshot's place in its snapshotter. */
export interface ContainerdSnapshot {
  readonly key: string;
  /** The key below it; undefined for the lowest. */
  readonly parent: string | undefined;
  readonly kind: 'active' | 'view' | 'committed' | 'unknown';
}

/** How containerd would mount a snapshot (mount(2)); paths as containerd sees them. */
export interface SnapshotMount {
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

const KIND: ReadonlyMap<unknown, ContainerdSnapshot['kind']> = new Map([
  ['ACTIVE', 'active'],
  ['VIEW', 'view'],
  ['COMMITTED', 'committed'],
]);

export function toSnapshot({ name, parent, kind }: Info): ContainerdSnapshot {
  return { key: name, parent: parent === '' ? undefined : parent, kind: KIND.get(kind) ?? 'unknown' };
}

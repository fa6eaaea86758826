import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import type { ContainerdContainer } from '@sealwatch/shared/containerd/containerd-container.js';
import { type OpenedSnapshot, openSnapshot } from '@sealwatch/shared/containerd/open-snapshot.js';
import { snapshotLayers } from '@sealwatch/shared/containerd/snapshot-layers.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';

/** A container's own snapshot; `overlaid`: its layers are directories of their own. Close it. */
export type ContainerSnapshot = Extract<OpenedSnapshot, { state: 'opened' }> & { readonly overlaid: boolean };

export async function openContainerSnapshot(
  { snapshotter, snapshotKey }: Pick<ContainerdContainer, 'snapshotter' | 'snapshotKey'>,
  { containerd, hostRoot }: { readonly containerd: Pick<Containerd, 'mounts'>; readonly hostRoot: string },
): Promise<ContainerSnapshot | Unreadable> {
  const mounts = await containerd.mounts(snapshotter, snapshotKey);
  if (mounts.state === 'unavailable') return unreadable(mounts.reason);
  if (mounts.value === undefined) return unreadable('containerd has no such snapshot');
  const layers = snapshotLayers(mounts.value);
  if (layers.kind === 'unsupported') return unreadable(layers.reason);
  const snapshot = await openSnapshot(hostRoot, layers);
  return snapshot.state === 'opened' ? { ...snapshot, overlaid: layers.kind === 'overlay' } : snapshot;
}

function unreadable(reason: string): Unreadable {
  return { state: 'unreadable', reason };
}

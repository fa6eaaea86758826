import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import type { ContainerdContainer } from '@sealwatch/shared/containerd/containerd-container.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import { chainIdOf, type NamedTarget } from './image-catalogue.js';

/**
 * The image a container was made from. Its record names one, but a name can be given to another image afterwards. What
 * stays is the snapshot below the container's own, whose key is made of the layers' diff ids: an image counts only if
 * that is its own. Undefined if none of those known fits, or the snapshot is none of an image.
 */
export async function containerOrigin(
  { image, snapshotter, snapshotKey }: ContainerdContainer,
  containerd: Pick<Containerd, 'snapshot'>,
  known: { readonly targets: readonly NamedTarget[]; readonly listed: readonly ImageComponent[] },
): Promise<Digest | undefined> {
  const own = await containerd.snapshot(snapshotter, snapshotKey);
  const parent = own.state === 'answered' ? own.value?.parent : undefined;
  if (parent === undefined) return undefined;
  const fitting = known.targets.filter(({ identity }) => identity?.chainId === parent);
  // images can share all their layers and differ in what they run: the name decides between those
  const named = fitting.find(({ names }) => names.includes(image));
  if (named !== undefined) return named.identity?.config;
  const configs = new Set([
    ...fitting.flatMap(({ identity }) => identity?.config ?? []),
    ...known.listed
      .filter(({ layers }) => chainIdOf(layers.map(({ diffId }) => diffId)) === parent)
      .map(({ digest }) => digest),
  ]);
  const [only, ...others] = configs;
  return others.length === 0 ? only : undefined;
}

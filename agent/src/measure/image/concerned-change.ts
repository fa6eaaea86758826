import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import type { ContainerdChange } from '@sealwatch/shared/containerd/containerd-event.js';
import { type ComponentImages, componentsOf } from './component-images.js';
import type { NamedTarget } from './image-catalogue.js';
import type { RunningTask } from './running-containers.js';

/** What the last scan looked at. */
export interface LookedAt {
  readonly components: readonly ComponentImages[];
  /** Of the components. */
  readonly tasks: readonly RunningTask[];
  readonly targets: readonly NamedTarget[];
}

/**
 * Whether a change may be one of a component's: of what was looked at, or of something new that would be. When
 * containerd can't tell, it may be. Never throws.
 */
export async function isConcerned(
  change: ContainerdChange,
  { components, tasks, targets }: LookedAt,
  containerd: Pick<Containerd, 'container' | 'image'>,
): Promise<boolean> {
  const isOwn = ({ identity, names, descriptor }: NamedTarget): boolean =>
    components.some(
      (component) =>
        component.entriesOf(identity?.config).length > 0 ||
        names.some((name) => component.isNamed(name, descriptor.digest)),
    );
  switch (change.kind) {
    case 'image': {
      if (components.some((component) => component.isNamed(change.name, undefined))) return true;
      if (targets.some((target) => target.names.includes(change.name) && isOwn(target))) return true;
      const image = await containerd.image(change.name);
      if (image.state === 'unavailable') return true;
      return targets.some((target) => target.descriptor.digest === image.value?.target.digest && isOwn(target));
    }
    case 'container':
    case 'task': {
      const id = change.kind === 'task' ? change.containerId : change.id;
      if (tasks.some(({ container }) => container.id === id)) return true;
      const container = await containerd.container(id);
      if (container.state === 'unavailable') return true;
      if (container.value === undefined) return false;
      const { image } = container.value;
      const config = targets.find(({ names }) => names.includes(image))?.identity?.config;
      return componentsOf(container.value, config, components).length > 0;
    }
    case 'snapshot':
      return tasks.some(({ container }) => container.snapshotKey === change.key);
  }
}

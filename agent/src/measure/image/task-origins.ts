import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { type ComponentImages, componentsOf } from './component-images.js';
import { containerOrigin } from './container-origin.js';
import type { NamedTarget } from './image-catalogue.js';
import type { RunningTask } from './running-containers.js';

/** What runs, the image it was made from as far as that can be told, and whose it is. */
export interface TaskOrigin {
  readonly task: RunningTask;
  readonly config: Digest | undefined;
  readonly components: readonly ComponentImages[];
}

export async function taskOrigins(
  tasks: readonly RunningTask[],
  targets: readonly NamedTarget[],
  components: readonly ComponentImages[],
  containerd: Pick<Containerd, 'snapshot'>,
): Promise<readonly TaskOrigin[]> {
  const listed = components.flatMap((component) => component.listed);
  const origins: TaskOrigin[] = [];
  for (const task of tasks) {
    const config = await containerOrigin(task.container, containerd, { targets, listed });
    origins.push({ task, config, components: componentsOf(task.container, config, components) });
  }
  return origins;
}

export function pidsByComponent(origins: readonly TaskOrigin[]): ReadonlyMap<string, readonly number[]> {
  const pids = new Map<string, number[]>();
  for (const { task, components } of origins) {
    for (const { component } of components) pids.set(component, [...(pids.get(component) ?? []), task.pid]);
  }
  return pids;
}

import { type Answer, answered } from '@sealwatch/shared/containerd/answer.js';
import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import type { ContainerdContainer } from '@sealwatch/shared/containerd/containerd-container.js';

/** A container with the process its task runs. */
export interface RunningTask {
  readonly container: ContainerdContainer;
  readonly pid: number;
}

/** Containers whose first process runs; one that is only created still waits to become what it is to be. */
export async function runningTasks(
  containerd: Pick<Containerd, 'containers' | 'tasks'>,
): Promise<Answer<readonly RunningTask[]>> {
  const tasks = await containerd.tasks();
  if (tasks.state === 'unavailable') return tasks;
  const containers = await containerd.containers();
  if (containers.state === 'unavailable') return containers;
  const pids = new Map<string, number>();
  for (const { containerId, pid, status } of tasks.value) {
    if (status !== 'created' && status !== 'stopped') pids.set(containerId, pid);
  }
  return answered(
    containers.value.flatMap((container) => {
      const pid = pids.get(container.id);
      return pid === undefined ? [] : [{ container, pid }];
    }),
  );
}

import type { RunningContainer } from '@sealwatch/shared/measurement/image-measurement.js';
import type { ComponentImages } from './component-images.js';
import { type ContainerMeasuring, measureContainer } from './running-container.js';
import type { TaskOrigin } from './task-origins.js';

/**
 * A component's containers in a fixed order. Equal ones once: how many of them run is no business of a manifest's.
 * @throws CodedError('request.cancelled')
 */
export async function containersOf(
  component: ComponentImages,
  origins: readonly TaskOrigin[],
  measuring: ContainerMeasuring,
): Promise<RunningContainer[]> {
  const containers = new Map<string, RunningContainer>();
  for (const { task, config } of origins) {
    const container = await measureContainer(task, config, component.entriesOf(config), measuring);
    if (container !== undefined) containers.set(JSON.stringify(container), container);
  }
  return [...containers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, container]) => container);
}

import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { commandsOf } from '@sealwatch/shared/manifest/components-of-kind.js';
import type { ImageComponent, SignedExecutable } from '@sealwatch/shared/manifest/manifest-component.js';
import type { RunningContainer } from '@sealwatch/shared/measurement/image-measurement.js';
import { cutText } from '../cut-text.js';
import { commandPath } from './command-path.js';
import { specSettings } from './container-settings.js';
import { firstProcess } from './first-process.js';
import { openContainerSnapshot } from './open-container-snapshot.js';
import type { RunningTask } from './running-containers.js';
import { type SecondLooks, settledProcess } from './settled-process.js';
import { type Unpacking, unpackedFiles } from './unpacked-files.js';

const MAX_TEXT_BYTES = 1000;

export interface ContainerMeasuring extends Unpacking {
  readonly containerd: Pick<Containerd, 'mounts' | 'task'>;
  readonly second: SecondLooks;
}

/**
 * One container: what was unpacked for it, how it was configured, what runs. Undefined if it has ended meanwhile: then
 * nothing of this is true any more.
 * @throws CodedError('request.cancelled')
 */
export async function measureContainer(
  { container, pid }: RunningTask,
  config: Digest | undefined,
  entries: readonly ImageComponent[],
  measuring: ContainerMeasuring,
): Promise<RunningContainer | undefined> {
  const { unpacked, leadsTo } = await snapshotFacts({ container, pid }, executablesOf(entries), measuring);
  const stillRuns = async (): Promise<boolean> => {
    const task = await measuring.containerd.task(container.id);
    // without an answer the process itself tells: it is the same as before
    if (task.state === 'unavailable') return true;
    return task.value?.pid === pid && task.value.status !== 'stopped';
  };
  const look = (): ReturnType<typeof firstProcess> => firstProcess(pid, { ...measuring, stillRuns });
  const programs = new Set(entries.flatMap(commandsOf).map(({ digest }) => digest));
  const process = await settledProcess(look, programs, measuring);
  if (process === null && !(await stillRuns())) return undefined;
  return {
    image: cutText(container.image, MAX_TEXT_BYTES),
    config: config ?? null,
    snapshotter: cutText(container.snapshotter, MAX_TEXT_BYTES),
    unpacked,
    settings: specSettings(container.spec),
    commandPath: leadsTo,
    process,
  };
}

/** What a container's snapshot holds; of an image that no manifest lists nothing is asked. */
async function snapshotFacts(
  { container, pid }: RunningTask,
  executables: readonly SignedExecutable[],
  measuring: ContainerMeasuring,
): Promise<{ unpacked: RunningContainer['unpacked']; leadsTo: string | null }> {
  if (executables.length === 0) return { unpacked: null, leadsTo: null };
  const snapshot = await openContainerSnapshot(container, measuring);
  if (snapshot.state === 'unreadable') return { unpacked: snapshot, leadsTo: null };
  try {
    const unpacked = await unpackedFiles(snapshot, pid, executables, measuring);
    return { unpacked, leadsTo: await commandPath(container.spec, snapshot) };
  } finally {
    await snapshot.close();
  }
}

/** Two manifests can list the same image; they then list the same files. */
function executablesOf(entries: readonly ImageComponent[]): SignedExecutable[] {
  const byPath = new Map(entries.flatMap(({ executables }) => executables).map((one) => [one.path, one]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

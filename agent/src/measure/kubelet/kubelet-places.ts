import { join } from 'node:path';
import { settingsDirectoryOf, settingsFileOf } from '../service/configured-tls.js';
import { processStartedWith } from '../service/process-started-with.js';
import { runningKubelets } from './running-kubelets.js';
import { staticPodPlaces } from './static-pod-places.js';

/** Absolute paths below the host root, from where the host's kubelets take their pods and their settings. */
export interface KubeletPlaces {
  /** Directories, or files. */
  readonly pods: readonly string[];
  readonly settingsFiles: readonly string[];
  readonly settingsDirectories: readonly string[];
}

/** As far as it can be told; what can't be, the look itself says. Never throws. */
export async function kubeletPlaces(
  hostRoot: string,
  procRoot: string = join(hostRoot, 'proc'),
): Promise<KubeletPlaces> {
  const pods = (await staticPodPlaces(hostRoot, procRoot)).flatMap((place) =>
    place.state === 'told' ? place.path : [],
  );
  const settingsFiles: string[] = [];
  const settingsDirectories: string[] = [];
  for (const directory of await runningKubelets(hostRoot, procRoot)) {
    const startedWith = await processStartedWith(directory, []);
    if ('state' in startedWith) continue;
    settingsFiles.push(...listed(settingsFileOf('kubelet', startedWith)));
    settingsDirectories.push(...listed(settingsDirectoryOf('kubelet', startedWith)));
  }
  return { pods, settingsFiles, settingsDirectories };
}

function listed(path: string | undefined): string[] {
  return path?.startsWith('/') === true ? [path] : [];
}

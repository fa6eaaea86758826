import { join, posix } from 'node:path';
import { settingsFileOf } from '../service/configured-tls.js';
import { processStartedWith } from '../service/process-started-with.js';
import { settingsFiles } from '../service/process-tls.js';
import { readFlags } from '../service/read-flags.js';
import { mergeSettings } from '../service/read-settings-file.js';
import { runningKubelets } from './running-kubelets.js';

/** Where a kubelet looks for static pods: a directory, or one file. */
export type StaticPodPlace =
  { readonly state: 'told'; readonly path: string } | { readonly state: 'unreadable'; readonly reason: string };

/** Where kubeadm has the kubelet look (`staticPodPath`). */
export const STATIC_POD_DIRECTORY = '/etc/kubernetes/manifests';

const PATH_FLAG = 'pod-manifest-path';
const URL_FLAG = 'manifest-url';

/**
 * Where the host's kubelets were told to look, each place once; kubeadm's directory while none runs. Its flag goes before
 * its settings (k8s.io/kubelet, KubeletConfiguration). What can't be told counts as one more place. Never throws.
 */
export async function staticPodPlaces(
  hostRoot: string,
  procRoot: string = join(hostRoot, 'proc'),
): Promise<StaticPodPlace[]> {
  const kubelets = await runningKubelets(hostRoot, procRoot);
  if (kubelets.length === 0) return [{ state: 'told', path: STATIC_POD_DIRECTORY }];
  const places = new Map<string, StaticPodPlace>();
  for (const directory of kubelets) {
    for (const place of await placesOf(directory, hostRoot)) places.set(JSON.stringify(place), place);
  }
  return [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}

async function placesOf(directory: string, hostRoot: string): Promise<StaticPodPlace[]> {
  const startedWith = await processStartedWith(directory, []);
  // kubeadm's directory is read all the same: better what may be a pod than none
  if ('state' in startedWith) return [KUBEADM, unreadable(startedWith.reason)];
  const flags = readFlags(startedWith.argv.slice(1), [PATH_FLAG, URL_FLAG]);
  if (flags.doubt !== null) return [KUBEADM, unreadable(flags.doubt)];
  const settings = mergeSettings(await settingsFiles('kubelet', startedWith, hostRoot));
  if (settings.state === 'unreadable') return [KUBEADM, unreadable(settings.reason)];
  const flag = (name: string): string | undefined => flags.values.get(name)?.slice(-1)[0];
  const path = flag(PATH_FLAG) ?? settings.keys.get('staticPodPath') ?? '';
  const url = flag(URL_FLAG) ?? settings.keys.get('staticPodURL') ?? '';
  const places: StaticPodPlace[] = [];
  if (path !== '') places.push(placeAt(path, settingsFileOf('kubelet', startedWith)));
  if (url !== '') places.push(unreadable('it takes pods from an address as well'));
  return places;
}

/** A relative path in the settings file counts from there. */
function placeAt(path: unknown, settingsFile: string | undefined): StaticPodPlace {
  if (typeof path !== 'string' || path.includes('\0')) return unreadable('its path for static pods is none');
  if (path.startsWith('/')) return { state: 'told', path: posix.normalize(path) };
  if (settingsFile === undefined) return unreadable('its path for static pods is relative');
  return { state: 'told', path: posix.join(posix.dirname(settingsFile), path) };
}

const KUBEADM: StaticPodPlace = { state: 'told', path: STATIC_POD_DIRECTORY };

function unreadable(reason: string): StaticPodPlace {
  return { state: 'unreadable', reason: `where the kubelet looks for static pods: ${reason}` };
}

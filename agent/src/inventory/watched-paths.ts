import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import { requiredServices } from '@sealwatch/shared/appraisal/appraise-services.js';
import { isAbsolutePathText, pathText } from '@sealwatch/shared/subject/path-text.js';
import { AUTHORITY_PATHS } from '../measure/host/measure-authority.js';
import type { KubeletPlaces } from '../measure/kubelet/kubelet-places.js';
import type { Disturbance } from '../watch/disturbance.js';
import type { WatchedPath } from '../watch/watched-path.js';
import { fileSubjects } from './file-subjects.js';
import { platformPaths } from './platform-paths.js';
import { wantedProcesses } from './wanted-processes.js';

export interface WatchedPathsInput {
  readonly reference: Pick<AppraisalContext, 'release' | 'manifests' | 'role'>;
  /** `uname -r` */
  readonly kernelRelease: string;
  /** From where the running kubelets take pods and settings. */
  readonly kubelet: KubeletPlaces;
}

const HOST: readonly Disturbance[] = [{ kind: 'host' }];
const SERVICES: readonly Disturbance[] = [{ kind: 'services' }];
const ALL_PROCESSES: readonly Disturbance[] = [{ kind: 'processes', components: 'all' }];

/** What the dynamic linker loads into every program, and from where (ld.so(8)). */
const LINKER_PATHS: readonly Pick<WatchedPath, 'path' | 'children'>[] = [
  { path: '/etc/ld.so.preload' },
  { path: '/etc/ld.so.conf' },
  { path: '/etc/ld.so.conf.d', children: /\.conf$/ },
];

/** The paths of a host that a look reads, each with what has to be looked at when something happens to it. */
export function watchedPaths({ reference, kernelRelease, kubelet }: WatchedPathsInput): WatchedPath[] {
  const { require } = reference.release.policy;
  const withProcesses = wantedProcesses(reference) !== null || require.includes('module');
  const services = requiredServices(reference);
  const ofPods: Disturbance[] = [
    ...(require.includes('image') ? [{ kind: 'images' } as const] : []),
    ...(services.length === 0 ? [] : SERVICES),
  ];
  const all: WatchedPath[] = [
    ...fileSubjects(reference.manifests).map(({ path, component }) => ({
      path,
      disturbs: ofFile(component, withProcesses),
    })),
    ...Object.values(AUTHORITY_PATHS).map((path) => ({ path, disturbs: HOST })),
    ...platformPaths(kernelRelease).map((place) => ({ ...place, disturbs: HOST })),
    ...(withProcesses ? LINKER_PATHS.map((place) => ({ ...place, disturbs: ALL_PROCESSES })) : []),
    ...services.flatMap(({ ca }) => ca ?? []).map((path) => ({ path, disturbs: SERVICES })),
    ...(ofPods.length === 0 ? [] : ofKubelet(kubelet).map((place) => ({ ...place, disturbs: ofPods }))),
  ];
  return all.filter(({ path }) => isAbsolutePathText(path));
}

/** Its settings say where its pods are, too. */
function ofKubelet({
  pods,
  settingsFiles,
  settingsDirectories,
}: KubeletPlaces): Pick<WatchedPath, 'path' | 'children'>[] {
  return [
    ...[...pods, ...settingsDirectories].map((path) => ({
      path: pathText(Buffer.from(path)),
      children: true as const,
    })),
    ...settingsFiles.map((path) => ({ path: pathText(Buffer.from(path)) })),
  ];
}

function ofFile(component: string, withProcesses: boolean): Disturbance[] {
  const components = [component];
  const files: Disturbance = { kind: 'files', components };
  return withProcesses ? [files, { kind: 'processes', components }] : [files];
}

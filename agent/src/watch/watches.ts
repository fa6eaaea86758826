import { release as kernelRelease } from 'node:os';
import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import type { ReferenceValues } from '../cycle/reference-values.js';
import { watchedPaths } from '../inventory/watched-paths.js';
import { wantedImages } from '../inventory/wanted-images.js';
import { wantedModules } from '../inventory/wanted-modules.js';
import { wantedProcesses } from '../inventory/wanted-processes.js';
import type { ImageSurvey } from '../measure/image/image-survey.js';
import { kubeletPlaces } from '../measure/kubelet/kubelet-places.js';
import { processesOnHost } from '../measure/process/component-processes.js';
import type { ServiceSurvey } from '../measure/service/service-survey.js';
import type { Watching } from '../status/watching.js';
import { ContainerdChanges } from './containerd-changes.js';
import type { Disturbance } from './disturbance.js';
import { FileWatch } from './file-watch.js';
import { MountWatch } from './mount-watch.js';
import { ProcessStarts } from './process-starts.js';
import { ServiceWatch } from './service-watch.js';
import type { WatchedPath } from './watched-path.js';

export interface WatchesDeps {
  readonly host: string;
  readonly hostRoot: string;
  readonly containerd: Pick<Containerd, 'subscribe' | 'version'>;
  readonly imageSurvey: ImageSurvey;
  readonly survey: ServiceSurvey;
  /** What this host is verified against now; undefined while there is nothing. */
  readonly reference: () => ReferenceValues | undefined;
  readonly onDisturbed: (disturbance: Disturbance) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Between two looks at the whole host: everything that says where something happened. */
export class Watches {
  readonly #deps: WatchesDeps;
  readonly #files: FileWatch;
  readonly #mounts: MountWatch;
  readonly #starts: ProcessStarts;
  readonly #services: ServiceWatch;
  readonly #containerd: ContainerdChanges;

  constructor(deps: WatchesDeps) {
    const { survey, imageSurvey, reference, onDisturbed } = deps;
    this.#deps = deps;
    this.#files = new FileWatch(deps);
    this.#starts = new ProcessStarts({ ...deps, containerPids: () => imageSurvey.firstProcesses() });
    this.#mounts = new MountWatch({
      ...deps,
      onMounted: (place) => {
        this.#files.mounted(place);
      },
    });
    this.#services = new ServiceWatch({
      ...deps,
      look: (signal) => survey.changed(signal),
      onChange: () => {
        onDisturbed({ kind: 'services' });
      },
    });
    this.#containerd = new ContainerdChanges({
      ...deps,
      isWanted: () => {
        const now = reference();
        return now !== undefined && wantedImages(now).length > 0;
      },
      concerns: (change) => imageSurvey.concerns(change),
      onChange: () => {
        onDisturbed({ kind: 'images' });
      },
    });
  }

  /** Resolves when everything is watched: what is looked at from then on needs no second look. Never rejects. */
  async start(): Promise<void> {
    this.#mounts.start();
    await this.follow();
    this.#services.start();
  }

  /** What there is to watch may be another: a release came, or a file is another file. Cheap if not. Never rejects. */
  async follow(): Promise<void> {
    const reference = this.#deps.reference();
    this.#containerd.follow();
    await this.#files.follow(reference === undefined ? [] : await this.#paths(reference));
    const wanted = reference === undefined ? null : (wantedProcesses(reference) ?? wantedModules(reference));
    await this.#starts.follow(wanted === null ? [] : processesOnHost(wanted));
  }

  async #paths(reference: ReferenceValues): Promise<WatchedPath[]> {
    const kubelet = await kubeletPlaces(this.#deps.hostRoot);
    return watchedPaths({ reference, kernelRelease: kernelRelease(), kubelet });
  }

  state(): Watching {
    const { paths, watches, unwatched, events, overflows } = this.#files.state();
    const { processes: running, blind } = this.#starts.state();
    const seen = { paths, watches, unwatched, events, overflows, processes: { running, blind } };
    return { ...seen, mounts: this.#mounts.state(), containerd: this.#containerd.state() };
  }

  async stop(): Promise<void> {
    this.#starts.stop();
    this.#mounts.stop();
    await Promise.all([this.#files.stop(), this.#services.stop(), this.#containerd.stop()]);
  }
}

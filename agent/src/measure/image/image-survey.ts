import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import type { ContainerdChange } from '@sealwatch/shared/containerd/containerd-event.js';
import { NO_SOCKET } from '@sealwatch/shared/containerd/socket-problem.js';
import type { ImageMeasurement, StoredImage } from '@sealwatch/shared/measurement/image-measurement.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { Serial } from '@sealwatch/shared/runtime/serial.js';
import type { WantedImages } from '../../inventory/wanted-images.js';
import { staticPodContainers } from '../pod/static-pod-containers.js';
import { throwIfStopped } from '../throw-if-stopped.js';
import { ComponentImages } from './component-images.js';
import { isConcerned, type LookedAt } from './concerned-change.js';
import { containerdBlobs, type ContainerdBlobs } from './containerd-blobs.js';
import { containersOf } from './containers-of.js';
import { fitReport } from './fit-report.js';
import type { Hashing } from './hash-located.js';
import { ImageCatalogue, type NamedTarget } from './image-catalogue.js';
import { LayerMemory } from './layer-memory.js';
import { podsOf } from './pods-of.js';
import { patientContainerd } from './patient-containerd.js';
import { runningTasks } from './running-containers.js';
import { secondLooks } from './settled-process.js';
import { storedImage } from './stored-image.js';
import { pidsByComponent, type TaskOrigin, taskOrigins } from './task-origins.js';

export interface ImageSurveying extends Hashing {
  readonly components: readonly WantedImages[];
  readonly hostRoot: string;
  /** Every stored layer is read again, whatever is known. */
  readonly fresh: boolean;
}

/**
 * What containerd stores, unpacked and runs of the wanted components. It begins with what runs and with digests: names,
 * tags and labels only add to what is looked at. Only what stored layers turned out to be is remembered between scans.
 */
export class ImageSurvey {
  readonly #containerd: Containerd;
  readonly #catalogue = new ImageCatalogue();
  readonly #layers: LayerMemory;
  readonly #serial = new Serial();
  #lookedAt: LookedAt = { components: [], tasks: [], targets: [] };
  #firstProcesses: ReadonlyMap<string, readonly number[]> = new Map();

  constructor(deps: { clock: Clock; containerd: Containerd }) {
    this.#containerd = deps.containerd;
    this.#layers = new LayerMemory(deps);
  }

  /**
   * In the order of the components. What goes wrong is part of the measurement. One survey after the other.
   * @throws CodedError('request.cancelled')
   */
  measure(request: ImageSurveying): Promise<ImageMeasurement[]> {
    return this.#serial.run(async () => {
      let pids: ReadonlyMap<string, readonly number[]> = new Map();
      const measured = await this.#measure(request, (found) => (pids = found));
      this.#firstProcesses = pids;
      return measured;
    });
  }

  async #measure(
    request: ImageSurveying,
    onProcesses: (pids: ReadonlyMap<string, readonly number[]>) => void,
  ): Promise<ImageMeasurement[]> {
    const { components } = request;
    if (components.length === 0) return [];
    const containerd = this.#containerd;
    const tasks = await runningTasks(containerd);
    if (tasks.state === 'unavailable') return components.map((wanted) => unseen(wanted, tasks.reason));
    const images = await containerd.images();
    if (images.state === 'unavailable') return components.map((wanted) => unseen(wanted, images.reason));
    const asked = patientContainerd(containerd);
    const blobs = await containerdBlobs(asked, request.hostRoot, request.signal);
    const targets = await this.#catalogue.targets(images.value, blobs, request);
    const wanted = components.map((component) => new ComponentImages(component));
    const origins = await taskOrigins(tasks.value, targets, wanted, asked);
    onProcesses(pidsByComponent(origins));
    const ownTasks = origins.flatMap((origin) => (origin.components.length > 0 ? [origin.task] : []));
    this.#lookedAt = { components: wanted, tasks: ownTasks, targets };
    const pods = await staticPodContainers(request.hostRoot);
    const second = secondLooks();
    const measured: ImageMeasurement[] = [];
    for (const component of wanted) {
      throwIfStopped(request.signal);
      const subject = { kind: 'image', component: component.component } as const;
      // a target without a digest we know has no measurement of its own
      if (images.value.some(({ name, target }) => target.digest === undefined && component.isNamed(name, undefined))) {
        measured.push({ subject, observed: { state: 'unreadable', reason: 'an image without a sha256 digest' } });
        continue;
      }
      const own = origins.filter((origin) => origin.components.includes(component));
      const containers = await containersOf(component, own, { ...request, containerd: asked, second });
      const stored = await this.#stored(component, own, { targets, blobs, request });
      measured.push(
        fitReport({
          subject,
          observed: { state: 'seen', stored, containers, pods: podsOf(component.component, pods) },
        }),
      );
    }
    this.#layers.forgetUnused();
    return measured;
  }

  /** Pids of the first processes of the components' containers, as of the last measuring. */
  firstProcesses(): ReadonlyMap<string, readonly number[]> {
    return this.#firstProcesses;
  }

  /** Whether a change may make the next measuring another than the last. Never throws. */
  concerns(change: ContainerdChange): Promise<boolean> {
    return isConcerned(change, this.#lookedAt, this.#containerd);
  }

  async #stored(
    component: ComponentImages,
    origins: readonly TaskOrigin[],
    seen: { targets: readonly NamedTarget[]; blobs: ContainerdBlobs; request: ImageSurveying },
  ): Promise<StoredImage[]> {
    const used = new Set(origins.flatMap(({ config }) => config ?? []));
    const unclear = new Set(origins.flatMap(({ task, config }) => (config === undefined ? task.container.image : [])));
    const stored: StoredImage[] = [];
    for (const target of seen.targets) {
      const { descriptor, names, identity } = target;
      const isWanted =
        component.entriesOf(identity?.config).length > 0 ||
        (identity !== undefined && used.has(identity.config)) ||
        names.some((name) => unclear.has(name) || component.isNamed(name, descriptor.digest));
      if (!isWanted) continue;
      const options = { ...seen.request, memory: this.#layers };
      stored.push(await storedImage(target, seen.blobs, (config) => component.entriesOf(config)[0], options));
    }
    return stored;
  }
}

function unseen({ component }: WantedImages, reason: string): ImageMeasurement {
  const observed = reason === NO_SOCKET ? ({ state: 'absent' } as const) : ({ state: 'unreadable', reason } as const);
  return { subject: { kind: 'image', component }, observed };
}

import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { wantedImages } from '@sealwatch/agent/inventory/wanted-images.js';
import { ImageSurvey } from '@sealwatch/agent/measure/image/image-survey.js';
import { createHashOnce } from '@sealwatch/agent/measure/service/hash-memory.js';
import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import { GrpcContainerd } from '@sealwatch/shared/containerd/grpc-containerd.js';
import { loadContainerdProtos } from '@sealwatch/shared/containerd/load-containerd-protos.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import type { ImageMeasurement, SeenImages } from '@sealwatch/shared/measurement/image-measurement.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { manifest, world } from './appraisal-world.js';
import { ComponentPrograms } from './component-programs.js';
import { ContainerdDaemon } from './containerd-daemon.js';
import { ContainerdHost } from './containerd-host.js';
import { BUSYBOX, type ImageArchive, imageArchive, type LayerFiles } from './containerd-image.js';
import { HostTree } from './host-tree.js';
import { imageEntry } from './image-entry.js';

export const COMPONENT = 'kube-apiserver';
export const REPOSITORY = 'registry.k8s.io/kube-apiserver';
export const PROGRAM = '/usr/local/bin/kube-apiserver';
export const OTHER_PROGRAM = '/usr/local/bin/other';
/** Links of every image, to these two. */
export const PROGRAM_LINK = '/opt/kube-apiserver';
export const OTHER_LINK = '/opt/other';
const LABELS = {
  'io.cri-containerd.kind': 'container',
  'io.kubernetes.container.name': COMPONENT,
  'io.kubernetes.pod.namespace': 'kube-system',
};

interface RunOptions {
  readonly name?: string;
  readonly command?: readonly string[];
  readonly flags?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

export interface SignedImage {
  readonly archive: ImageArchive;
  readonly entry: ImageComponent;
}

/**
 * A host with a real containerd that runs real images of one component, as far as that goes without a kubelet, and a
 * survey that looks at it again and again. `v1` and `v2` are signed, `evil` is not.
 */
export class ImageWorld {
  readonly daemon: ContainerdDaemon;
  readonly tree: HostTree;
  readonly programs: ComponentPrograms;
  readonly snapshotter: 'overlayfs' | 'native';
  readonly images: ReadonlyMap<string, SignedImage>;
  readonly containerd: GrpcContainerd;
  bytesRead = 0;
  #survey: ImageSurvey;
  readonly #host: ContainerdHost;

  private constructor(
    parts: Pick<ImageWorld, 'daemon' | 'tree' | 'programs' | 'snapshotter' | 'images'> & { host: ContainerdHost },
  ) {
    this.daemon = parts.daemon;
    this.tree = parts.tree;
    this.programs = parts.programs;
    this.snapshotter = parts.snapshotter;
    this.images = parts.images;
    this.#host = parts.host;
    this.containerd = new GrpcContainerd({
      protos: loadContainerdProtos(),
      socket: this.daemon.socket,
      deadlineMs: 2000,
    });
    this.#survey = this.#newSurvey();
  }

  /** @param ballast further layers of `v1` */
  static async start(snapshotter: 'overlayfs' | 'native', ballast: readonly LayerFiles[] = []): Promise<ImageWorld> {
    const programs = new ComponentPrograms();
    const tree = new HostTree();
    await programs.build('v1', 'v2', 'evil');
    const daemon = await ContainerdDaemon.start();
    const host = await ContainerdHost.show(daemon, tree.root);
    const images = new Map<string, SignedImage>();
    for (const version of ['v1', 'v2', 'evil']) {
      const reference = `${REPOSITORY}:${version}`;
      const archive = await imageArchive(reference, [
        BUSYBOX,
        {
          'usr/local/bin/kube-apiserver': { copyOf: programs.path(version) },
          'usr/local/bin/other': { copyOf: programs.path(version === 'v1' ? 'v2' : 'v1') },
          'opt/kube-apiserver': { link: PROGRAM },
          'opt/other': { link: `..${OTHER_PROGRAM}` },
        },
        ...(version === 'v1' ? ballast : []),
      ]);
      const entry = await imageEntry(archive.file, {
        name: COMPONENT,
        references: [reference],
        commands: [PROGRAM],
      });
      images.set(version, { archive, entry });
    }
    return new ImageWorld({ daemon, tree, programs, snapshotter, images, host });
  }

  image(version: string): SignedImage {
    const image = this.images.get(version);
    if (image === undefined) throw new Error(`no image ${version}`);
    return image;
  }

  async import(version: string, file: string = this.image(version).archive.file, ...flags: string[]): Promise<void> {
    await this.daemon.ctr('images', 'import', ...flags, file);
  }

  /** Waits for what goes with it: content that is collected during the next import would be missing there. */
  async unname(...names: readonly string[]): Promise<void> {
    await this.daemon.ctr('images', 'rm', '--sync', ...names);
  }

  /** A container as the kubelet would have it made. */
  async run(image: string, options: RunOptions = {}): Promise<{ id: string; pid: number }> {
    const { name = 'apiserver', command = [PROGRAM, '--secure-port=6443'], flags = [], labels = LABELS } = options;
    return this.daemon.run({ image, name, snapshotter: this.snapshotter, labels, command, flags });
  }

  async end({ id }: { id: string }): Promise<void> {
    await this.daemon.removeTask(id);
    await this.daemon.ctr('containers', 'rm', id);
  }

  /** Runs one while `act` goes on. */
  async during(
    options: RunOptions & { readonly image?: string },
    act: (container: { id: string; pid: number }) => Promise<void>,
  ): Promise<void> {
    const { image = `${REPOSITORY}:v1`, ...rest } = options;
    const container = await this.run(image, rest);
    try {
      await act(container);
    } finally {
      await this.end(container);
    }
  }

  /** The survey of an agent that has just started. */
  forget(): void {
    this.#survey = this.#newSurvey();
  }

  context(versions: readonly string[] = ['v1']): AppraisalContext {
    return world({
      manifests: versions.map((version, i) => manifest(String(i + 1), { components: [this.image(version).entry] })),
      policy: {
        require: ['image'],
        components: { 'control-plane': { [COMPONENT]: 'image' }, worker: {} },
      },
    });
  }

  async measure(versions: readonly string[] = ['v1'], fresh = false): Promise<ImageMeasurement> {
    const measured = await this.#survey.measure({
      components: wantedImages(this.context(versions)),
      hostRoot: this.tree.root,
      fresh,
      hashOnce: createHashOnce(),
      pause: () => new Promise((resolve) => setImmediate(resolve)),
      onBytes: (bytes) => {
        this.bytesRead += bytes;
      },
      signal: new AbortController().signal,
    });
    const [only] = measured;
    if (only === undefined) throw new Error('no measurement');
    return only;
  }

  async seen(versions: readonly string[] = ['v1']): Promise<SeenImages> {
    const { observed } = await this.measure(versions);
    if (observed.state !== 'seen') throw new Error(JSON.stringify(observed));
    return observed;
  }

  async body(): Promise<Digest> {
    return encodeMeasurement(await this.measure()).digest;
  }

  async findings(versions: readonly string[] = ['v1']): Promise<Finding[]> {
    return appraise([await this.measure(versions)], this.context(versions));
  }

  /** Sorted. */
  async codes(versions: readonly string[] = ['v1']): Promise<string[]> {
    return (await this.findings(versions)).map(({ code }) => code).sort();
  }

  blob(digest: Digest): string {
    return join(this.daemon.root, 'io.containerd.content.v1.content/blobs/sha256', digest.slice('sha256:'.length));
  }

  /** A file of an image or a container where the snapshotter has it unpacked, the topmost that there is. */
  async unpacked(key: string, path: string): Promise<string> {
    const mounts = await this.containerd.mounts(this.snapshotter, key);
    if (mounts.state === 'unavailable') throw new Error(mounts.reason);
    const [mount] = mounts.value ?? [];
    const lower = mount?.options.find((option) => option.startsWith('lowerdir='))?.slice('lowerdir='.length);
    const directories = lower === undefined ? [mount?.source ?? ''] : lower.split(':');
    const [directory, ...name] = path.split('/').reverse();
    const parent = name.reverse().join('/');
    const found = directories.find((at) => {
      try {
        return readdirSync(join(at, parent)).includes(directory ?? '');
      } catch {
        return false;
      }
    });
    if (found === undefined) throw new Error(`${path} is not unpacked`);
    return join(found, path);
  }

  /** Runs a shell command of busybox in a container. */
  within({ pid }: { pid: number }, script: string): void {
    execFileSync('nsenter', ['-t', String(pid), '-m', '-r', '--', '/bin/busybox', 'sh', '-c', script], {
      stdio: 'pipe',
    });
  }

  async dispose(): Promise<void> {
    this.containerd.close();
    await this.#host.dispose();
    await this.daemon.stop();
    for (const { archive } of this.images.values()) archive.remove();
    this.tree.remove();
    this.programs.dispose();
  }

  #newSurvey(): ImageSurvey {
    return new ImageSurvey({ clock: systemClock, containerd: this.containerd });
  }
}

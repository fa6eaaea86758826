import { ImageSurvey } from '@sealwatch/agent/measure/image/image-survey.js';
import { createHashOnce } from '@sealwatch/agent/measure/service/hash-memory.js';
import { wantedImages } from '@sealwatch/agent/inventory/wanted-images.js';
import type { ContainerdChange } from '@sealwatch/shared/containerd/containerd-event.js';
import { NO_SOCKET } from '@sealwatch/shared/containerd/socket-problem.js';
import { OCI_MANIFEST } from '@sealwatch/shared/image/document/media-type.js';
import type { Descriptor } from '@sealwatch/shared/image/document/descriptor.js';
import { defaultPlatform } from '@sealwatch/shared/image/document/platform.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import type { ImageMeasurement, SeenImages } from '@sealwatch/shared/measurement/image-measurement.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifest, world, type WorldChanges } from '../../fakes/appraisal-world.js';
import { plainDigest } from '../../fakes/check-results.js';
import { HostTree } from '../../fakes/host-tree.js';
import type { BuiltImage } from '../../fakes/image-builder.js';
import { etcdImage } from '../../fakes/image-measurements.js';
import { ScriptedContainerd } from '../../fakes/scripted-containerd.js';
import { file, tarOf } from '../../fakes/tar-writer.js';
import { TestClock } from '../../fakes/test-clock.js';

const ETCD = 'registry.k8s.io/etcd:3.4.13-0';
const LABELS = new Map([
  ['io.kubernetes.container.name', 'etcd'],
  ['io.kubernetes.pod.namespace', 'kube-system'],
]);
const platform = defaultPlatform();

let tree: HostTree;
let containerd: ScriptedContainerd;
let survey: ImageSurvey;
let etcd: BuiltImage;
let other: BuiltImage;
let entry: ImageComponent;

function build(content: string, run: Record<string, unknown> = {}): BuiltImage {
  return containerd.store.image({
    layers: [tarOf([file('usr/local/bin/etcd', content, 0o755)])],
    platform: { os: platform.os, architecture: platform.architecture },
    run,
  });
}

function entryOf({ configDigest, target, diffIds }: BuiltImage, changes: Partial<ImageComponent> = {}): ImageComponent {
  return etcdImage({
    digest: configDigest,
    manifest: target.descriptor.digest,
    layers: diffIds.map((diffId) => ({ digest: null, size: '1', diffId, uncompressedSize: '1000000' })),
    ...changes,
  });
}

beforeEach(() => {
  tree = new HostTree();
  containerd = new ScriptedContainerd();
  survey = new ImageSurvey({ clock: new TestClock(), containerd });
  etcd = build('etcd');
  other = build('other');
  entry = entryOf(etcd);
});
afterEach(() => {
  tree.remove();
});

async function measure(
  entries: readonly ImageComponent[] = [entry],
  changes: WorldChanges = {},
): Promise<ImageMeasurement[]> {
  const context = world({
    manifests: entries.map((component, i) => manifest(String(i + 1), { components: [component] })),
    ...changes,
    policy: { require: ['image'], ...changes.policy },
  });
  return survey.measure({
    components: wantedImages(context),
    hostRoot: tree.root,
    fresh: false,
    hashOnce: createHashOnce(),
    pause: () => Promise.resolve(),
    onBytes: () => undefined,
    signal: new AbortController().signal,
  });
}

async function seen(...entries: ImageComponent[]): Promise<SeenImages> {
  const [measured] = await measure(entries.length === 0 ? [entry] : entries);
  if (measured?.observed.state !== 'seen') throw new Error(JSON.stringify(measured));
  return measured.observed;
}

describe('which components are measured', () => {
  const names = async (changes: WorldChanges, entries = [entry]): Promise<string[]> =>
    (await measure(entries, changes)).map(({ subject }) => subject.component);

  it('are those the role requires and those a manifest lists, in the order of their names', async () => {
    const components = { 'control-plane': { kubelet: 'file', 'a-image': 'image' }, worker: {} } as const;
    expect(await names({ policy: { components } }, [entry, { ...entry, name: 'b' }])).toEqual(['a-image', 'b', 'etcd']);
  });

  it('are none if the policy wants no image evidence, and then containerd is not asked', async () => {
    containerd.failing.set('tasks', 'asked');
    expect(await names({ policy: { require: ['file'] } })).toEqual([]);
  });
});

describe('an image of the store', () => {
  it.each(['none', 'gzip', 'zstd'] as const)(
    'is read through containerd where its files are not seen: %s',
    async (compression) => {
      const tar = tarOf([file('usr/local/bin/etcd', 'x', 0o755)]);
      const image = containerd.store.image({ layers: [tar], compression });
      containerd.name(ETCD, image.target.descriptor);
      const { stored } = await seen(entryOf(image));
      expect(stored).toEqual([
        {
          names: [ETCD],
          target: image.target.descriptor.digest,
          config: image.configDigest,
          faults: [],
          layersNotStored: 0,
        },
      ]);
    },
  );

  it('is found under each of its names: as people write it, by digest, by config, and under foreign ones', async () => {
    const { descriptor } = etcd.target;
    const names = ['evil.io/x:1', `registry.k8s.io/etcd@${descriptor.digest}`, etcd.configDigest, ETCD];
    for (const name of names) containerd.name(name, descriptor);
    expect((await seen()).stored.map((image) => image.names)).toEqual([[...names].sort()]);
  });

  it('is none of ours that merely lies there, and one of ours under a foreign name', async () => {
    containerd.name('docker.io/library/other:1', other.target.descriptor);
    expect((await seen()).stored).toEqual([]);
    containerd.name('docker.io/library/renamed:1', etcd.target.descriptor);
    expect((await seen()).stored).toMatchObject([{ config: etcd.configDigest }]);
  });

  it('is that of this platform in an index', async () => {
    const foreign = containerd.store.image({ layers: [tarOf([])], platform: { os: 'linux', architecture: 's390x' } });
    const index = containerd.store.index([
      { ...foreign.target.descriptor, platform: { os: 'linux', architecture: 's390x' } },
      {
        ...etcd.target.descriptor,
        platform: { os: platform.os, architecture: platform.architecture },
      },
    ]);
    containerd.name(ETCD, index);
    expect((await seen()).stored).toMatchObject([{ target: index.digest, config: etcd.configDigest, faults: [] }]);
  });

  it('of which a document is missing or wrong says which, and no config', async () => {
    const { descriptor } = etcd.target;
    containerd.name(ETCD, descriptor);
    containerd.store.blobs.delete(etcd.configDigest);
    expect((await seen()).stored).toEqual([
      {
        names: [ETCD],
        target: descriptor.digest,
        config: null,
        faults: [{ blob: 'config', digest: etcd.configDigest, fault: 'missing', found: 'is not there' }],
        layersNotStored: 0,
      },
    ]);
    containerd.store.blobs.set(descriptor.digest, Buffer.alloc(descriptor.size));
    expect((await seen()).stored).toMatchObject([{ config: null, faults: [{ blob: 'manifest', fault: 'digest' }] }]);
  });

  it('whose layers inflate further than signed, or are others than the config pins, has that fault', async () => {
    containerd.name(ETCD, etcd.target.descriptor);
    const layers = entry.layers.map((layer) => ({ ...layer, uncompressedSize: '10' }));
    expect((await seen({ ...entry, layers })).stored).toMatchObject([{ faults: [{ fault: 'inflates-too-far' }] }]);
    const lying = containerd.store.addJson(
      {
        os: platform.os,
        architecture: platform.architecture,
        rootfs: { type: 'layers', diff_ids: [plainDigest('9')] },
      },
      'application/vnd.oci.image.config.v1+json',
    );
    const [digest] = etcd.layerDigests;
    const layer = {
      digest,
      size: containerd.store.blobs.get(digest!)?.length,
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    };
    const target = containerd.store.addJson({ schemaVersion: 2, config: lying, layers: [layer] }, OCI_MANIFEST);
    containerd.imageList.length = 0;
    containerd.name(ETCD, target);
    expect((await seen(entryOf(etcd, { digest: lying.digest, layers: [] }))).stored).toMatchObject([
      { config: lying.digest, faults: [{ fault: 'diff-id' }] },
    ]);
  });

  it('with layers that were discarded counts them, and has no fault', async () => {
    containerd.name(ETCD, etcd.target.descriptor);
    containerd.store.blobs.delete(etcd.layerDigests[0]!);
    expect((await seen()).stored).toMatchObject([{ faults: [], layersNotStored: 1 }]);
  });
});

describe('the image of a running container', () => {
  it('is told by its snapshot, also when the name was given to another', async () => {
    containerd.name(ETCD, other.target.descriptor);
    containerd.run({ id: 'a', image: ETCD, labels: LABELS }, etcd.diffIds[0]!);
    expect((await seen()).containers).toMatchObject([{ image: ETCD, config: etcd.configDigest }]);
  });

  it('is not the one its name stands for if its snapshot is another', async () => {
    containerd.name(ETCD, etcd.target.descriptor);
    containerd.run({ id: 'a', image: ETCD, labels: LABELS }, plainDigest('9'));
    expect((await seen()).containers).toMatchObject([{ config: null, unpacked: null }]);
  });

  it('is decided by the name between images that share all layers', async () => {
    const twin = build('etcd', { Env: ['GODEBUG=fips140=off'] });
    containerd.name(ETCD, etcd.target.descriptor).name('evil.io/etcd:1', twin.target.descriptor);
    containerd.run({ id: 'a', image: 'evil.io/etcd:1', labels: LABELS }, etcd.diffIds[0]!);
    expect((await seen()).containers).toMatchObject([{ config: twin.configDigest }]);
  });

  it("makes the container the component's without any label", async () => {
    containerd.name('evil.io/x:1', etcd.target.descriptor);
    containerd.run({ id: 'a', image: 'evil.io/x:1' }, etcd.diffIds[0]!);
    expect((await seen()).containers).toMatchObject([{ config: etcd.configDigest }]);
  });

  it("makes it nobody else's than the one its labels claim", async () => {
    containerd.name(ETCD, etcd.target.descriptor);
    containerd.run({ id: 'a', image: ETCD, labels: LABELS }, etcd.diffIds[0]!);
    const measured = await measure([entry, { ...entry, name: 'hyper' }]);
    expect(measured.map(({ observed }) => (observed.state === 'seen' ? observed.containers.length : -1))).toEqual([
      1, 0,
    ]);
  });
});

describe('a measurement', () => {
  it('has equal containers once, in one order, without what a restart changes', async () => {
    containerd.name(ETCD, etcd.target.descriptor);
    const digest = async (ids: readonly string[]): Promise<string> => {
      containerd.containerList.length = 0;
      containerd.taskList.length = 0;
      for (const id of ids) containerd.run({ id, image: ETCD, labels: LABELS }, etcd.diffIds[0]!);
      const [measured] = await measure();
      return encodeMeasurement(measured!).digest;
    };
    expect(await digest(['x', 'y', 'z'])).toBe(await digest(['w']));
  });

  it('leaves out a container that ended while it was looked at, and one that only waits', async () => {
    containerd.name(ETCD, etcd.target.descriptor);
    containerd.run({ id: 'a', image: ETCD, labels: LABELS }, etcd.diffIds[0]!);
    const task = containerd.taskList[0]!;
    containerd.taskList[0] = { ...task, status: 'created' };
    expect((await seen()).containers).toEqual([]);
    containerd.taskList[0] = task;
    containerd.task = () => Promise.resolve({ state: 'answered', value: { ...task, status: 'stopped' } });
    expect((await seen()).containers).toEqual([]);
  });

  it.each(['tasks', 'containers', 'images'] as const)('says so when containerd does not answer: %s', async (call) => {
    containerd.failing.set(call, 'containerd does not answer in time');
    expect((await measure()).map(({ observed }) => observed)).toEqual([
      { state: 'unreadable', reason: 'containerd does not answer in time' },
    ]);
  });

  it('of a host without containerd is absent', async () => {
    containerd.failing.set('tasks', NO_SOCKET);
    expect((await measure()).map(({ observed }) => observed)).toEqual([{ state: 'absent' }]);
  });

  it('loses only what depends on the call that failed', async () => {
    containerd.name(ETCD, etcd.target.descriptor);
    containerd.run({ id: 'a', image: ETCD, labels: LABELS }, etcd.diffIds[0]!);
    containerd.failing.set('mounts', 'no').set('contentRoot', 'no').set('task', 'no');
    const { stored, containers } = await seen();
    expect(stored).toMatchObject([{ config: etcd.configDigest, faults: [] }]);
    expect(containers).toMatchObject([
      { config: etcd.configDigest, unpacked: { state: 'unreadable', reason: 'no' }, settings: { state: 'read' } },
    ]);
    containerd.failing.set('snapshot', 'no');
    expect((await seen()).containers).toMatchObject([{ config: null }]);
  });

  it('is ended when it is stopped', async () => {
    containerd.name(ETCD, etcd.target.descriptor);
    const context = world({ manifests: [manifest('1', { components: [entry] })], policy: { require: ['image'] } });
    const stopped = survey.measure({
      components: wantedImages(context),
      hostRoot: tree.root,
      fresh: false,
      hashOnce: createHashOnce(),
      pause: () => Promise.resolve(),
      onBytes: () => undefined,
      signal: AbortSignal.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'request.cancelled' });
  });
});

describe('a change in containerd', () => {
  const evil: Descriptor = { digest: plainDigest('9'), size: 1, mediaType: OCI_MANIFEST };

  async function concerns(change: ContainerdChange): Promise<boolean> {
    return survey.concerns(change);
  }

  beforeEach(async () => {
    containerd.name(ETCD, etcd.target.descriptor).name('docker.io/library/other:1', other.target.descriptor);
    containerd.run({ id: 'own', image: ETCD, labels: LABELS, snapshotKey: 'key' }, etcd.diffIds[0]!);
    containerd.run({ id: 'foreign', image: 'docker.io/library/other:1' }, other.diffIds[0]!);
    await measure();
  });

  it.each<[string, ContainerdChange]>([
    ['a name of the component', { kind: 'image', name: ETCD }],
    ['its container', { kind: 'container', id: 'own' }],
    ["its container's task", { kind: 'task', containerId: 'own', pid: 1 }],
    ['its snapshot', { kind: 'snapshot', key: 'key' }],
  ])('concerns us if it is one of %s', async (_, change) => {
    expect(await concerns(change)).toBe(true);
  });

  it.each<[string, ContainerdChange]>([
    ['image', { kind: 'image', name: 'docker.io/library/other:1' }],
    ['container', { kind: 'container', id: 'foreign' }],
    ['task', { kind: 'task', containerId: 'foreign', pid: 1 }],
    ['container that is gone', { kind: 'container', id: 'never' }],
    ['snapshot', { kind: 'snapshot', key: 'foreign' }],
  ])('does not concern us if it is of a foreign %s', async (_, change) => {
    expect(await concerns(change)).toBe(false);
  });

  it("concerns us if it is new and would be the component's, or nobody can tell", async () => {
    containerd.run({ id: 'new', image: 'evil.io/x:1', labels: LABELS }, plainDigest('9'));
    containerd.name('evil.io/again:1', etcd.target.descriptor).name('evil.io/x:1', evil);
    expect(await concerns({ kind: 'container', id: 'new' })).toBe(true);
    expect(await concerns({ kind: 'image', name: 'evil.io/again:1' })).toBe(true);
    expect(await concerns({ kind: 'image', name: 'evil.io/x:1' })).toBe(false);
    containerd.failing.set('container', 'no').set('image', 'no');
    expect(await concerns({ kind: 'container', id: 'foreign' })).toBe(true);
    expect(await concerns({ kind: 'image', name: 'evil.io/x:1' })).toBe(true);
  });
});

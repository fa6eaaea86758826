import { wantedImages } from '@sealwatch/agent/inventory/wanted-images.js';
import { fitReport } from '@sealwatch/agent/measure/image/fit-report.js';
import { ImageSurvey } from '@sealwatch/agent/measure/image/image-survey.js';
import { createHashOnce } from '@sealwatch/agent/measure/service/hash-memory.js';
import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import { NO_ANSWER } from '@sealwatch/shared/containerd/call-failure.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { OCI_MANIFEST } from '@sealwatch/shared/image/document/media-type.js';
import type { ImageMeasurement } from '@sealwatch/shared/measurement/image-measurement.js';
import {
  decodeMeasurement,
  encodeMeasurement,
  MAX_BODY_BYTES,
} from '@sealwatch/shared/measurement/measurement-body.js';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifest, world } from '../fakes/appraisal-world.js';
import { plainDigest } from '../fakes/check-results.js';
import { HostTree } from '../fakes/host-tree.js';
import { OCI } from '../fakes/image-builder.js';
import { ETCD_REFERENCE, etcdImage, runningEtcd, seenEtcd, storedEtcd } from '../fakes/image-measurements.js';
import { ScriptedContainerd } from '../fakes/scripted-containerd.js';
import { TestClock } from '../fakes/test-clock.js';

const LABELS = new Map([
  ['io.kubernetes.container.name', 'etcd'],
  ['io.kubernetes.pod.namespace', 'kube-system'],
]);

let tree: HostTree;
let containerd: ScriptedContainerd;
let survey: ImageSurvey;
beforeEach(() => {
  tree = new HostTree();
  containerd = new ScriptedContainerd();
  survey = new ImageSurvey({ clock: new TestClock(), containerd });
});
afterEach(() => {
  tree.remove();
});

const entry = etcdImage();
const context = world({
  manifests: [manifest('1', { components: [entry] })],
  policy: { require: ['image'], components: { 'control-plane': { etcd: 'image' }, worker: {} } },
});

async function measure(): Promise<ImageMeasurement> {
  const [only] = await survey.measure({
    components: wantedImages(context),
    hostRoot: tree.root,
    fresh: true,
    hashOnce: createHashOnce(),
    pause: () => Promise.resolve(),
    onBytes: () => undefined,
    signal: new AbortController().signal,
  });
  if (only === undefined) throw new Error('no measurement');
  return only;
}

/** Whatever is measured can be sent, and is never good. */
async function found(): Promise<string[]> {
  const measured = await measure();
  const { bytes } = encodeMeasurement(measured);
  expect(bytes.length).toBeLessThanOrEqual(MAX_BODY_BYTES);
  expect(decodeMeasurement(bytes)).toEqual(measured);
  const codes = appraise([measured], context).map(({ code }) => code);
  expect(codes.length).toBeGreaterThan(0);
  return codes;
}

describe('a store that lies', () => {
  it('by a target that is no digest makes the component unreadable', async () => {
    containerd.name(ETCD_REFERENCE, { digest: undefined as unknown as Digest, size: 1, mediaType: OCI_MANIFEST });
    expect(await found()).toEqual(['containerd.unavailable']);
  });

  it.each([
    ['a media type nobody knows', 'text/html', '{}'],
    ['no JSON', OCI_MANIFEST, 'nonsense'],
    ['a manifest that is an index, too', OCI_MANIFEST, '{"schemaVersion":2,"manifests":[],"layers":[],"config":{}}'],
    ['an index that lists itself', OCI.index, '{"schemaVersion":2,"manifests":[]}'],
    ['a schema 1 manifest', 'application/vnd.docker.distribution.manifest.v1+json', '{}'],
  ])('by %s is unreadable', async (_, mediaType, content) => {
    containerd.name(ETCD_REFERENCE, containerd.store.add(content, mediaType));
    expect(await found()).toContain('image.unreadable');
  });

  it('about a size is found out', async () => {
    const real = containerd.store.add('{}', OCI_MANIFEST);
    for (const size of [0, 1, 10 ** 15, -1, Number.NaN]) {
      containerd.imageList.length = 0;
      containerd.name(ETCD_REFERENCE, { ...real, size });
      expect(await found()).toContain('image.unreadable');
    }
  });

  it('with thousands of names and nothing behind them is read to its end', async () => {
    for (let i = 0; i < 5000; i++) {
      const digest: Digest = `sha256:${i.toString(16).padStart(64, '0')}`;
      containerd.name(`evil.io/x:${String(i)}`, { digest, size: 5, mediaType: OCI_MANIFEST });
    }
    expect(await found()).toEqual(['image.missing']);
  });

  it('with thousands of names for one image can not hide one of ours among them', async () => {
    const image = containerd.store.image({ layers: [] });
    for (let i = 0; i < 1000; i++) containerd.name(`a.io/x:${String(i)}`, image.target.descriptor);
    containerd.name(ETCD_REFERENCE, image.target.descriptor);
    expect(await found()).toEqual(['containerd.unavailable']);
  });
});

describe('a container that is made to break the agent', () => {
  it('in thousands of shapes does not fit, and says so', async () => {
    for (let i = 0; i < 2000; i++) {
      containerd.run({ id: String(i), image: `evil.io/${String(i)}:1`, labels: LABELS }, plainDigest('9'));
    }
    expect(await found()).toEqual(['containerd.unavailable']);
  });

  it('with names, labels and settings of any text is measured, and found', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 3000 });
    await fc.assert(
      fc.asyncProperty(text, text, text, fc.array(text, { maxLength: 5 }), async (image, snapshotter, parent, args) => {
        containerd = new ScriptedContainerd();
        survey = new ImageSurvey({ clock: new TestClock(), containerd });
        const spec = { ...containerd.run({ id: 'x' }, '').containerList[0]!.spec, args, mounts: [] };
        containerd.containerList.length = 0;
        containerd.taskList.length = 0;
        containerd.run({ id: 'a', image, snapshotter, labels: LABELS, spec: spec }, parent, 2 ** 31);
        await found();
      }),
      { numRuns: 50 },
    );
  });

  it('whose snapshot lies elsewhere, in a loop or in a device is unreadable', async () => {
    const diffId = entry.layers[0]!.diffId;
    containerd.run({ id: 'a', image: ETCD_REFERENCE, labels: LABELS }, diffId, process.pid);
    tree.directory('/snap/bin').link('/snap/usr', 'usr').link('/out', '/../../../etc');
    execFileSync('mkfifo', [tree.at('/snap/bin/sh')]);
    for (const source of ['/snap', '/never', '/out', '/snap/usr', '../snap', '']) {
      containerd.mountsOf.set('a', [{ type: 'bind', source, options: ['rw'] }]);
      const codes = await found();
      expect(codes.some((code) => ['image.unpacked-unreadable', 'image.file-missing'].includes(code))).toBe(true);
    }
    containerd.mountsOf.set('a', [{ type: 'fuse', source: '/snap', options: [] }]);
    expect(await found()).toContain('image.unpacked-unreadable');
  });

  it('with a file that is all holes costs no time', async () => {
    containerd.run({ id: 'a', image: ETCD_REFERENCE, labels: LABELS }, entry.layers[0]!.diffId);
    tree.write('/snap/bin/sh').write('/snap/usr/lib/libc.so.6').write('/snap/usr/local/bin/etcd');
    execFileSync('truncate', ['-s', '4T', tree.at('/snap/bin/sh')]);
    containerd.mountsOf.set('a', [{ type: 'bind', source: '/snap', options: ['rw'] }]);
    const started = performance.now();
    expect(await found()).toContain('image.unpacked-unreadable');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('a containerd that hangs on one kind of question', () => {
  it.each(['snapshot', 'mounts', 'blobSize'] as const)('is not asked it again in the same scan: %s', async (call) => {
    for (let i = 0; i < 100; i++) {
      containerd.run({ id: String(i), image: ETCD_REFERENCE, labels: LABELS }, entry.layers[0]!.diffId);
      const digest: Digest = `sha256:${i.toString(16).padStart(64, '0')}`;
      containerd.name(`registry.k8s.io/x:${String(i)}`, { digest, size: 5, mediaType: OCI_MANIFEST });
    }
    let asked = 0;
    containerd[call] = () => {
      asked++;
      return Promise.resolve({ state: 'unavailable', reason: NO_ANSWER });
    };
    await found();
    expect(asked).toBe(1);
  });
});

describe('a measurement that is too large', () => {
  const files = Array.from({ length: 2000 }, (_, i) => ({
    path: `/usr/lib/${String(i).padStart(100, '0')}`,
    digest: plainDigest('1'),
    shadowing: false,
  }));

  it('loses files of containers from the last on, and says so', () => {
    const [first, second] = [runningEtcd({ image: 'a' }), runningEtcd({ image: 'b', unpacked: files })];
    const { observed } = fitReport(seenEtcd({ containers: [first, second, second] }));
    expect(observed).toMatchObject({
      state: 'seen',
      containers: [first, { unpacked: { length: 2000 } }, { unpacked: { state: 'unreadable' } }],
    });
  });

  it('is unreadable if that is not enough', () => {
    const names = Array.from({ length: 301 }, (_, i) => String(i));
    expect(fitReport(seenEtcd({ stored: [storedEtcd({ names })] })).observed).toMatchObject({ state: 'unreadable' });
  });

  it('is the same again, and one that fits is not touched', () => {
    const large = seenEtcd({ containers: [runningEtcd({ unpacked: files }), runningEtcd({ unpacked: files })] });
    expect(fitReport(large)).toEqual(fitReport(large));
    expect(fitReport(seenEtcd())).toEqual(seenEtcd());
  });

  it('keeps of thousands of faults enough to be found', () => {
    const fault = { blob: 'layer', digest: plainDigest('1'), fault: 'digest', found: 'x' } as const;
    const { observed } = fitReport(seenEtcd({ stored: [storedEtcd({ faults: Array(5000).fill(fault) })] }));
    expect(observed).toMatchObject({ stored: [{ faults: { length: 200 } }] });
  });
});

import { appendFileSync, closeSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from '@sealwatch/shared/containerd/answer.js';
import { blobPath } from '@sealwatch/shared/containerd/blob-path.js';
import type { ContainerdChange } from '@sealwatch/shared/containerd/containerd-event.js';
import { ContainerdWatch, type WatchSignal } from '@sealwatch/shared/containerd/containerd-watch.js';
import { componentOf, isImageMeant } from '@sealwatch/shared/containerd/cri-conventions.js';
import { GrpcContainerd } from '@sealwatch/shared/containerd/grpc-containerd.js';
import { parseImageReference } from '@sealwatch/shared/containerd/image-reference.js';
import { loadContainerdProtos } from '@sealwatch/shared/containerd/load-containerd-protos.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContainerdDaemon } from '../fakes/containerd-daemon.js';
import { BUSYBOX, imageArchive } from '../fakes/containerd-image.js';
import { waitUntil } from '../fakes/wait-until.js';

const REPOSITORY = 'registry.k8s.io/kube-apiserver';
const IMAGE = `${REPOSITORY}:v1.30.1`;
const APISERVER = {
  'io.cri-containerd.kind': 'container',
  'io.kubernetes.container.name': 'kube-apiserver',
  'io.kubernetes.pod.namespace': 'kube-system',
};
const DEADLINE_MS = 2000;

let daemon: ContainerdDaemon;
let containerd: GrpcContainerd;
let image: Awaited<ReturnType<ContainerdDaemon['addImage']>>;

beforeAll(async () => {
  daemon = await ContainerdDaemon.start();
  containerd = new GrpcContainerd({ protos: loadContainerdProtos(), socket: daemon.socket, deadlineMs: DEADLINE_MS });
  image = await daemon.addImage(IMAGE, [BUSYBOX, { 'usr/local/bin/kube-apiserver': 'a'.repeat(3_000_000) }]);
});
afterAll(async () => {
  containerd.close();
  await daemon.stop();
});

/** The value of an answer that has to be one. */
function valueOf<T>(answer: Answer<T>): T {
  if (answer.state === 'unavailable') throw new Error(answer.reason);
  return answer.value;
}

async function served(digest: Digest): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of containerd.readBlob(digest)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a real containerd tells', () => {
  it('its version', async () => {
    expect(valueOf(await containerd.version())).toMatch(/^v?\d+\.\d+/);
  });

  it('images under all their names: by tag, by digest, by config, several versions side by side', async () => {
    const other = await daemon.addImage(`${REPOSITORY}:v1.29.9`, [BUSYBOX]);
    const byDigest = `${REPOSITORY}@${image.manifest}`;
    await daemon.ctr('images', 'tag', IMAGE, byDigest, image.config, 'evil.io/kube-apiserver:v1.30.1');
    const images = valueOf(await containerd.images());
    expect(images.map(({ name }) => name).sort()).toEqual(
      ['evil.io/kube-apiserver:v1.30.1', IMAGE, `${REPOSITORY}:v1.29.9`, byDigest, image.config].sort(),
    );
    expect(valueOf(await containerd.image(IMAGE))).toMatchObject({
      name: IMAGE,
      target: { digest: image.manifest, mediaType: 'application/vnd.oci.image.manifest.v1+json' },
      createdAt: expect.stringMatching(/^20\d\d-/) as string,
    });
    expect(valueOf(await containerd.image('registry.k8s.io/never:1'))).toBeUndefined();
    const meant = (reference: string): string[] =>
      images.filter((one) => isImageMeant(parseImageReference(reference)!, one)).map(({ name }) => name);
    expect(meant(IMAGE)).toEqual([IMAGE]);
    expect(meant(byDigest).sort()).toEqual([IMAGE, byDigest].sort());
    expect(meant(`${REPOSITORY}:v1.30.1@${other.manifest}`)).toEqual([`${REPOSITORY}:v1.29.9`]);
    expect(valueOf(await containerd.images([`target.digest==${other.manifest}`]))).toHaveLength(1);
  });

  it('containers of a component by the labels of the CRI plugin, what they run and with what', async () => {
    const flags = ['--env', 'GODEBUG=fips140=on', '--mount', 'type=bind,src=/etc,dst=/host/etc,options=rbind:ro'];
    const command = ['/bin/sh', '-c', 'sleep 1d', '--secure-port=6443'];
    const { id } = await daemon.run({ image: IMAGE, name: 'apiserver', labels: APISERVER, flags, command });
    const sandbox = { ...APISERVER, 'io.cri-containerd.kind': 'sandbox' };
    await daemon.run({ image: IMAGE, name: 'pause', labels: sandbox, snapshotter: 'native' });
    const foreign = { ...APISERVER, 'io.kubernetes.pod.namespace': 'default' };
    await daemon.run({ image: IMAGE, name: 'foreign', labels: foreign });
    const all = valueOf(await containerd.containers());
    const found = all.filter((container) => componentOf(container) === 'kube-apiserver');
    expect(all).toHaveLength(3);
    expect(found.map((container) => container.id)).toEqual([id]);
    expect(valueOf(await containerd.container(id))).toEqual(found[0]);
    expect(found[0]).toMatchObject({
      image: IMAGE,
      snapshotter: 'overlayfs',
      snapshotKey: id,
      runtime: 'io.containerd.runc.v2',
      spec: {
        state: 'read',
        args: command,
        env: [
          { name: 'PATH', value: '/bin' },
          { name: 'GODEBUG', value: 'fips140=on' },
        ],
        cwd: '/',
        user: { uid: 0, gid: 0 },
        mounts: expect.arrayContaining([
          { destination: '/host/etc', type: 'bind', source: '/etc', options: ['rbind', 'ro'] },
        ]) as unknown,
        root: { path: 'rootfs', readonly: false },
        namespaces: expect.arrayContaining([{ type: 'pid', path: '' }]) as unknown,
      },
    });
    expect(valueOf(await containerd.container('never'))).toBeUndefined();
  });

  it('the first process of a container, as the host sees it, until it is gone', async () => {
    const { id, pid } = await daemon.run({ image: IMAGE, name: 'short' });
    expect(valueOf(await containerd.task(id))).toEqual({ containerId: id, pid, status: 'running' });
    expect(valueOf(await containerd.tasks())).toContainEqual({ containerId: id, pid, status: 'running' });
    expect(readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')).toBe('/bin/sleep\0' + '1d\0');
    await daemon.ctr('tasks', 'kill', '-s', 'SIGKILL', id);
    await waitUntil('it is stopped', async () => valueOf(await containerd.task(id))?.status === 'stopped');
    await daemon.removeTask(id);
    expect(valueOf(await containerd.task(id))).toBeUndefined();
    expect(valueOf(await containerd.container(id))).toMatchObject({ id });
  });

  it('snapshots and how they would be mounted', async () => {
    const { id } = await daemon.run({ image: IMAGE, name: 'snap' });
    const active = valueOf(await containerd.snapshot('overlayfs', id));
    expect(active).toMatchObject({ key: id, kind: 'active' });
    const parent = valueOf(await containerd.snapshot('overlayfs', active?.parent ?? ''));
    expect(parent).toMatchObject({ kind: 'committed', parent: image.layers[0] });
    expect(valueOf(await containerd.snapshot('overlayfs', image.layers[0]!))).toMatchObject({ parent: undefined });
    expect(valueOf(await containerd.mounts('overlayfs', id))).toMatchObject([{ type: 'overlay', source: 'overlay' }]);
    expect(valueOf(await containerd.snapshot('overlayfs', 'never'))).toBeUndefined();
    expect(valueOf(await containerd.mounts('overlayfs', 'never'))).toBeUndefined();
    expect(await containerd.mounts('stargz', id)).toMatchObject({
      reason: expect.stringContaining('snapshotter not loaded: stargz') as string,
    });
    expect(await containerd.mounts('overlayfs', image.layers[0]!)).toMatchObject({ state: 'unavailable' });
  });

  it('nothing of another namespace', async () => {
    const elsewhere = new GrpcContainerd({
      protos: loadContainerdProtos(),
      socket: daemon.socket,
      namespace: 'elsewhere',
    });
    expect(valueOf(await elsewhere.images())).toEqual([]);
    expect(valueOf(await elsewhere.containers())).toEqual([]);
    expect(valueOf(await elsewhere.blobSize(image.manifest))).toBeUndefined();
    elsewhere.close();
  });
});

describe("a blob's bytes", () => {
  const file = async (digest: Digest): Promise<string> => blobPath(valueOf(await containerd.contentRoot())!, digest);

  it('come through the API and from the file alike', async () => {
    for (const digest of [image.manifest, image.config, ...image.layers]) {
      const bytes = await served(digest);
      expect(sha256(bytes)).toBe(digest);
      expect(valueOf(await containerd.blobSize(digest))).toBe(bytes.length);
      expect(readFileSync(await file(digest)).equals(bytes)).toBe(true);
    }
    expect(image.layers.length).toBe(2);
  });

  it('are never those of another blob, or of none', async () => {
    const none: Digest = `sha256:${'0'.repeat(64)}`;
    expect(valueOf(await containerd.blobSize(none))).toBeUndefined();
    await expect(served(none)).rejects.toMatchObject({ code: 'file.unreadable' });
  });

  it('show an edit in the file through the API too, but not what was added behind its end', async () => {
    const layer = image.layers[1]!;
    const path = await file(layer);
    flip(path, 2_500_000);
    expect(sha256(await served(layer))).not.toBe(layer);
    flip(path, 2_500_000);
    appendFileSync(path, 'x');
    expect(sha256(await served(layer))).toBe(layer);
    expect(sha256(readFileSync(path))).not.toBe(layer);
  });
});

function flip(path: string, at: number): void {
  const fd = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, at);
  writeSync(fd, Buffer.from([byte[0]! ^ 1]), 0, 1, at);
  closeSync(fd);
}

describe('a watch', () => {
  it("hears of everything that ctr does, and of the namespace's own things only", async () => {
    const signals: WatchSignal[] = [];
    const watch = new ContainerdWatch({ containerd, signal: (signal) => signals.push(signal) });
    const heard = (): ContainerdChange[] =>
      signals.flatMap((signal) => (signal.kind === 'changed' ? signal.changes : []));
    const hears = async (change: ContainerdChange): Promise<void> => {
      await waitUntil(`${change.kind} is heard of`, () =>
        heard().some((one) => JSON.stringify(one) === JSON.stringify(change)),
      );
    };
    const elsewhere = await imageArchive('registry.k8s.io/elsewhere:1', [{ file: 'x' }]);
    watch.start();
    try {
      await waitUntil('it stands', () => signals.length === 1);
      expect(signals).toEqual([{ kind: 'look', because: 'subscribed' }]);
      await daemon.ctrIn('elsewhere', 'images', 'import', elsewhere.file);
      await daemon.ctr('images', 'tag', IMAGE, 'registry.k8s.io/tagged:1');
      await hears({ kind: 'image', name: 'registry.k8s.io/tagged:1' });
      const { id, pid } = await daemon.run({ image: IMAGE, name: 'heard', snapshotter: 'native' });
      await hears({ kind: 'snapshot', key: id });
      await hears({ kind: 'container', id });
      await hears({ kind: 'task', containerId: id, pid });
      expect(JSON.stringify(heard())).not.toContain('elsewhere');
      signals.length = 0;
      await daemon.ctr('tasks', 'exec', '--exec-id', 'probe', id, '/bin/sleep', '0');
      await daemon.ctr('tasks', 'kill', '-s', 'SIGKILL', id);
      await hears({ kind: 'task', containerId: id, pid });
      expect(heard()).toEqual([{ kind: 'task', containerId: id, pid }]);
      signals.length = 0;
      await daemon.ctr('images', 'rm', 'registry.k8s.io/tagged:1');
      await hears({ kind: 'image', name: 'registry.k8s.io/tagged:1' });
    } finally {
      elsewhere.remove();
      await watch.stop();
    }
  });
});

describe('a containerd in trouble', () => {
  it('is unavailable with the reason while it hangs, is dead or absent, and there again when it is back', async () => {
    const signals: WatchSignal[] = [];
    const timing = { firstRetryMs: 20, mostRetryMs: 100, pingMs: 100 };
    const watch = new ContainerdWatch({ containerd, signal: (signal) => signals.push(signal), timing });
    const signalled = (count: number): Promise<unknown> =>
      waitUntil(`${String(count)} signals`, () => signals.length >= count, { explain: () => JSON.stringify(signals) });
    watch.start();
    try {
      await signalled(1);
      await daemon.freeze();
      const started = performance.now();
      const hanging = { state: 'unavailable', reason: 'containerd does not answer in time' };
      expect(await containerd.images()).toEqual(hanging);
      expect(await containerd.containers()).toEqual(hanging);
      expect(performance.now() - started).toBeLessThan(2 * DEADLINE_MS + 1000);
      await expect(served(image.config)).rejects.toThrow(/does not answer in time/);
      await signalled(2);
      daemon.thaw();
      await signalled(3);
      expect(valueOf(await containerd.images()).length).toBeGreaterThan(0);

      await daemon.kill();
      await signalled(4);
      expect(await containerd.images()).toEqual({
        state: 'unavailable',
        reason: 'containerd does not take connections',
      });
      await daemon.launch();
      await signalled(5);
      expect(valueOf(await containerd.tasks()).length).toBeGreaterThan(0);
      expect(signals).toEqual([
        { kind: 'look', because: 'subscribed' },
        { kind: 'lost', reason: 'containerd does not answer in time' },
        { kind: 'look', because: 'subscribed' },
        { kind: 'lost', reason: 'containerd does not take connections' },
        { kind: 'look', because: 'subscribed' },
      ]);
    } finally {
      daemon.thaw();
      await watch.stop();
    }
  });

  it('whose store lost a blob says so', async () => {
    rmSync(blobPath(join(daemon.root, 'io.containerd.content.v1.content'), image.config));
    await expect(served(image.config)).rejects.toMatchObject({ code: 'file.unreadable' });
  });
});

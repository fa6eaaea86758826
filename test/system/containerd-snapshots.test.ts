import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GrpcContainerd } from '@sealwatch/shared/containerd/grpc-containerd.js';
import { loadContainerdProtos } from '@sealwatch/shared/containerd/load-containerd-protos.js';
import { type LocatedFile, openSnapshot } from '@sealwatch/shared/containerd/open-snapshot.js';
import { type SeenByProcess, seenByProcess } from '@sealwatch/shared/containerd/seen-by-process.js';
import { type SnapshotLayers, snapshotLayers } from '@sealwatch/shared/containerd/snapshot-layers.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContainerdDaemon } from '../fakes/containerd-daemon.js';
import { BUSYBOX, type LayerFiles } from '../fakes/containerd-image.js';
import { mustRun } from '../fakes/run-command.js';
import { waitUntil } from '../fakes/wait-until.js';

const IMAGE = 'registry.k8s.io/kube-proxy:v1';
const LAYERS: readonly LayerFiles[] = [
  {
    ...BUSYBOX,
    'opt/tools/one': 'one',
    'opt/tools/two': 'two',
    'srv/a/x': 'x',
    'srv/b/y': 'y',
    'etc/passwd': 'inside',
  },
  {
    'opt/tools/one': 'one, newer',
    'srv/.wh.a': '',
    'srv/b/.wh..wh..opq': '',
    'srv/b/z': 'z',
    'srv/up': { link: '../../../etc/passwd' },
  },
  { 'opt/link': { link: '/opt/tools/two' }, 'opt/loop': { link: 'loop' } },
];

let daemon: ContainerdDaemon;
let containerd: GrpcContainerd;
let single: Awaited<ReturnType<ContainerdDaemon['addImage']>>;
beforeAll(async () => {
  daemon = await ContainerdDaemon.start();
  containerd = new GrpcContainerd({ protos: loadContainerdProtos(), socket: daemon.socket });
  await daemon.addImage(IMAGE, LAYERS);
  single = await daemon.addImage('registry.k8s.io/single:1', [{ 'bin/tool': 'tool' }]);
});
afterAll(async () => {
  containerd.close();
  await daemon.stop();
});

type Supported = Exclude<SnapshotLayers, { kind: 'unsupported' }>;

async function layersOf(snapshotter: string, key: string): Promise<Supported> {
  const mounts = await containerd.mounts(snapshotter, key);
  if (mounts.state === 'unavailable') throw new Error(mounts.reason);
  const layers = snapshotLayers(mounts.value ?? []);
  if (layers.kind === 'unsupported') throw new Error(layers.reason);
  return layers;
}

type Found = Extract<LocatedFile, { state: 'found' }>;
type Seen = Pick<Found, 'layer' | 'writable' | 'hides' | 'under'> & {
  readonly content: string;
  readonly realPath: string;
  readonly process?: SeenByProcess['state'];
};

/** Where a path is, with what stands there. */
async function look(layers: Supported, path: string, pid?: number): Promise<Seen | Exclude<LocatedFile, Found>> {
  const snapshot = await openSnapshot('/', layers);
  if (snapshot.state === 'unreadable') return snapshot;
  const located = await snapshot.locate(Buffer.from(path));
  try {
    if (located.state !== 'found') return located;
    const { layer, writable, hides, under, realPath } = located;
    const content = readFileSync(located.fd, 'utf8');
    expect(readFileSync(located.file, 'utf8')).toBe(content);
    const process = pid === undefined ? {} : { process: (await seenByProcess('/', pid, located)).state };
    return { content, layer, writable, hides, under, realPath: realPath.toString(), ...process };
  } finally {
    if (located.state === 'found') await located.close();
    await snapshot.close();
  }
}

const openDescriptors = (): number => Number(execFileSync('sh', ['-c', `ls /proc/${String(process.pid)}/fd | wc -l`]));

describe('files of an image under overlayfs', () => {
  let layers: Supported;
  let pid: number;
  beforeAll(async () => {
    const script = [
      'busybox echo evil > /opt/tools/one',
      'busybox rm /opt/tools/two',
      'busybox rm -r /srv/b; busybox mkdir /srv/b',
      'busybox touch /done; exec sleep 1d',
    ].join('\n');
    const running = await daemon.run({ image: IMAGE, name: 'proxy', command: ['/bin/busybox', 'sh', '-c', script] });
    pid = running.pid;
    layers = await layersOf('overlayfs', running.id);
    await waitUntil('the container has done its work', async () => 'content' in (await look(layers, '/done')));
  });

  it('are in the layer that brought them', async () => {
    const busybox = await look(layers, '/bin/sh', pid);
    expect(busybox).toMatchObject({ layer: 3, writable: false, realPath: '/bin/busybox', process: 'same' });
    expect(await look(layers, 'etc/passwd', pid)).toMatchObject({ content: 'inside', layer: 3, process: 'same' });
  });

  it('are shadowed by what the container writes', async () => {
    expect(await look(layers, '/opt/tools/one', pid)).toEqual({
      content: 'evil\n',
      layer: 0,
      writable: true,
      hides: [2, 3],
      under: [],
      realPath: '/opt/tools/one',
      process: 'same',
    });
  });

  it('are gone where the container or the image removed them', async () => {
    expect(await look(layers, '/opt/tools/two')).toEqual({ state: 'whiteout', layer: 0, writable: true });
    expect(await look(layers, '/opt/link')).toEqual({ state: 'whiteout', layer: 0, writable: true });
    expect(await look(layers, '/srv/a/x')).toEqual({ state: 'whiteout', layer: 2, writable: false });
  });

  it('are hidden by an opaque directory, which only the process shows', async () => {
    expect(await look(layers, '/srv/b/z', pid)).toMatchObject({ content: 'z', under: [0], process: 'hidden' });
    expect(await look(layers, '/srv/b/y', pid)).toMatchObject({ content: 'y', under: [0, 2], process: 'hidden' });
  });

  it('are covered by a mount inside the container, which only the process shows', async () => {
    expect(await look(layers, '/bin/busybox', pid)).toMatchObject({ process: 'same' });
    const mount = ['/bin/busybox', 'mount', '-o', 'bind', '/etc/passwd', '/bin/busybox'];
    await mustRun(['nsenter', '-t', String(pid), '-m', '--', ...mount]);
    expect(await look(layers, '/bin/busybox', pid)).toMatchObject({ layer: 3, process: 'other' });
  });

  it('are not found outside of the snapshot, in a loop, or where nothing is', async () => {
    expect(await look(layers, '/srv/up')).toMatchObject({ content: 'inside', realPath: '/etc/passwd' });
    expect(await look(layers, '/../../etc/passwd')).toMatchObject({ content: 'inside' });
    expect(await look(layers, '/opt/loop')).toMatchObject({ state: 'unreadable' });
    expect(await look(layers, '/opt/tools')).toEqual({ state: 'not-regular', fileType: 'directory' });
    expect(await look(layers, '/')).toEqual({ state: 'not-regular', fileType: 'directory' });
    expect(await look(layers, '/opt/never')).toEqual({ state: 'absent' });
    expect(await look(layers, '/etc/passwd/x')).toEqual({ state: 'absent' });
  });

  it('are not guessed when the process or a directory is gone', async () => {
    const snapshot = await openSnapshot('/', layers);
    const located = snapshot.state === 'opened' ? await snapshot.locate(Buffer.from('/bin/busybox')) : undefined;
    if (snapshot.state !== 'opened' || located?.state !== 'found') throw new Error('not found');
    expect(await seenByProcess('/', 2 ** 22 - 1, located)).toMatchObject({ state: 'unreadable' });
    await located.close();
    await snapshot.close();
    const directories = [{ path: '/never/here', writable: true }];
    expect(await openSnapshot('/', { kind: 'overlay', directories })).toMatchObject({ state: 'unreadable' });
    expect(await openSnapshot('/never', layers)).toMatchObject({ state: 'unreadable' });
  });

  it('cost no descriptors in the end', async () => {
    const before = openDescriptors();
    for (const path of ['/bin/sh', '/opt/tools/two', '/opt/loop', '/opt', '/x', '/srv/up/..']) await look(layers, path);
    expect(openDescriptors()).toBe(before);
  });
});

describe('files of an image without overlay', () => {
  it("are in the native snapshotter's one copy, which the container writes to", async () => {
    const command = [
      '/bin/busybox',
      'sh',
      '-c',
      'busybox echo evil > /opt/tools/one; busybox touch /done; exec sleep 1d',
    ];
    const { id, pid } = await daemon.run({ image: IMAGE, name: 'native', snapshotter: 'native', command });
    const layers = await layersOf('native', id);
    expect(layers).toMatchObject({ kind: 'plain', directories: [{ writable: true }] });
    await waitUntil('the container has done its work', async () => 'content' in (await look(layers, '/done')));
    const one = { layer: 0, writable: true, hides: [], under: [], realPath: '/opt/tools/one' };
    expect(await look(layers, '/opt/tools/one', pid)).toEqual({ ...one, content: 'evil\n', process: 'same' });
    expect(await look(layers, '/opt/link', pid)).toMatchObject({ content: 'two', process: 'same' });
    expect(await look(layers, '/srv/a/x')).toEqual({ state: 'absent' });
    expect(await look(layers, '/srv/b/y')).toEqual({ state: 'absent' });
  });

  it('are in the one layer of a view of it', async () => {
    await daemon.ctr('snapshots', 'view', 'one-layer', single.layers[0]!);
    // nothing refers to the view: without this the garbage collection that follows every import takes it
    await daemon.ctr('snapshots', 'label', 'one-layer', 'containerd.io/gc.root=test');
    const layers = await layersOf('overlayfs', 'one-layer');
    expect(layers).toMatchObject({ kind: 'plain', directories: [{ writable: false }] });
    expect(await look(layers, '/bin/tool')).toMatchObject({ content: 'tool', layer: 0, writable: false });
  });
});

describe('a path in layers made at random', () => {
  it('leads where the kernel says it does', async () => {
    const random = numbers(20261124);
    const scratch = mkdtempSync(join(tmpdir(), 'sealwatch-layers-'));
    const names = ['a', 'b', 'c'];
    let compared = 0;
    try {
      for (let round = 0; round < 15; round++) {
        const at = join(scratch, String(round));
        const directories = ['upper', '1', '2', '3'].map((name) => join(at, name));
        for (const directory of directories) {
          mkdirSync(directory, { recursive: true });
          for (let n = 0; n < 6; n++) grow(directory, random, names);
        }
        const [upper = '', ...lower] = directories;
        mkdirSync(join(at, 'work'));
        mkdirSync(join(at, 'merged'));
        const options = [`upperdir=${upper}`, `lowerdir=${lower.join(':')}`, `workdir=${join(at, 'work')}`];
        const layers = snapshotLayers([{ type: 'overlay', source: 'overlay', options }]) as Supported;
        await mustRun(['mount', '-t', 'overlay', 'overlay', '-o', options.join(), join(at, 'merged')]);
        try {
          for (const path of paths(names)) {
            const kernel = asKernelSees(join(at, 'merged'), path);
            const ours = await look(layers, path);
            expect([round, path, 'content' in ours ? ours.content : undefined]).toEqual([round, path, kernel]);
            compared += kernel === undefined ? 0 : 1;
          }
        } finally {
          await mustRun(['umount', join(at, 'merged')]);
        }
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
    expect(compared).toBeGreaterThan(50);
  });
});

/** Park and Miller's generator: the same trees each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => (state = (state * 48271) % 2147483647) % below;
}

/** Adds a file, a whiteout or a relative symlink at a random path, unless something is in the way. */
function grow(directory: string, random: (below: number) => number, names: readonly string[]): void {
  const steps = Array.from({ length: 1 + random(3) }, () => names[random(names.length)] ?? 'a');
  const file = join(directory, ...steps);
  const kind = random(10);
  try {
    mkdirSync(dirname(file), { recursive: true });
    if (kind < 6) writeFileSync(file, file, { flag: 'wx' });
    else if (kind < 8) execFileSync('mknod', [file, 'c', '0', '0'], { stdio: 'ignore' });
    else symlinkSync(steps.length > 1 ? `../${names[random(3)] ?? 'a'}` : (names[random(3)] ?? 'a'), file);
  } catch {
    // there is something already, or a file where a directory would have to be
  }
}

function paths(names: readonly string[]): string[] {
  const two = names.flatMap((one) => names.map((other) => `${one}/${other}`));
  return [...names, ...two, ...two.flatMap((path) => names.map((name) => `${path}/${name}`))];
}

function asKernelSees(merged: string, path: string): string | undefined {
  try {
    return statSync(join(merged, path)).isFile() ? readFileSync(join(merged, path), 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

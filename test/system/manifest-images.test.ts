import { readFileSync } from 'node:fs';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContainerdDaemon } from '../fakes/containerd-daemon.js';
import { BUSYBOX } from '../fakes/containerd-image.js';
import { PublisherBench } from '../fakes/publisher-bench.js';
import { mustRun } from '../fakes/run-command.js';

const IMAGE = 'registry.k8s.io/kube-apiserver:v1.19.7';
const HUB_IMAGE = 'docker.io/library/tiny:latest';
const APISERVER = 'a'.repeat(3_000_000);

let daemon: ContainerdDaemon;
let bench: PublisherBench;
let image: Awaited<ReturnType<ContainerdDaemon['addImage']>>;
beforeAll(async () => {
  bench = new PublisherBench();
  daemon = await ContainerdDaemon.start();
  image = await daemon.addImage(IMAGE, [
    { ...BUSYBOX, 'usr/bin/old': 'old' },
    { 'usr/local/bin/kube-apiserver': APISERVER, 'usr/bin/.wh.old': '' },
  ]);
  await daemon.addImage(HUB_IMAGE, [BUSYBOX]);
});
afterAll(async () => {
  await daemon.stop();
  bench.remove();
});

const inContainerd = (reference: string, ...more: string[]): string[] => {
  return ['--image', `kube-apiserver=containerd:${reference}`, '--containerd-socket', daemon.socket, ...more];
};

async function listed(args: readonly string[], signing?: readonly string[]): Promise<ImageComponent> {
  expect(await bench.create(args, signing)).toMatchObject({ status: 0, stderr: '' });
  return bench.images()[0] as ImageComponent;
}

describe('an image of a real containerd', () => {
  it('is listed as it was imported, whiteouts honoured, and signed so that openssl accepts it', async () => {
    const apiserver = await listed(inContainerd(IMAGE));
    expect(apiserver).toMatchObject({ references: [IMAGE], digest: image.config, manifest: image.manifest });
    expect(apiserver.layers.map(({ digest }) => digest)).toEqual(image.layers);
    expect(apiserver.executables.map(({ path, digest }) => [path, digest])).toEqual([
      ['/bin/busybox', sha256(readFileSync('/bin/busybox'))],
      ['/usr/local/bin/kube-apiserver', sha256(Buffer.from(APISERVER))],
    ]);
    expect(apiserver.commands).toEqual(['/bin/busybox', '/usr/local/bin/kube-apiserver']);
    const config = await daemon.ctr('content', 'get', image.config);
    expect(bench.opensslVerifies(Buffer.from(config), apiserver.signature)).toBe(true);
    expect(bench.opensslVerifies(readFileSync('/bin/busybox'), apiserver.executables[0]?.signature ?? '')).toBe(true);
  });

  it('gives its bytes to a signing command', async () => {
    const command = `openssl dgst -sha256 -sign '${bench.path('publisher.key')}'`;
    const byCommand = await listed(inContainerd(IMAGE), [
      ...['--signer-command', command],
      ...['--publisher-key', 'publisher.pub'],
    ]);
    expect(byCommand).toEqual(await listed(inContainerd(IMAGE)));
  });

  it('is found by what people call it', async () => {
    expect(await listed(inContainerd('tiny'))).toMatchObject({ references: [HUB_IMAGE] });
  });

  it('that is not there is refused with those that are', async () => {
    const made = await bench.create(inContainerd('registry.k8s.io/etcd:3.4.13-0'));
    expect(made.status).toBe(2);
    expect(made.stderr).toContain(`there are: ${HUB_IMAGE}, ${IMAGE}`);
    const elsewhere = await bench.create(inContainerd(IMAGE, '--containerd-namespace', 'moby'));
    expect(elsewhere.stderr).toMatch(/namespace moby: containerd has 0 images/);
  });

  it('is the same image when ctr exports and skopeo repackages it', async () => {
    const own = await listed(inContainerd(IMAGE));
    await daemon.ctr('images', 'export', bench.path('exported.tar'), IMAGE);
    await mustRun(['mkdir', bench.path('layout')]);
    await mustRun(['tar', '-xf', bench.path('exported.tar'), '-C', bench.path('layout')]);
    const copy = async (from: string, to: string, ...options: string[]): Promise<void> => {
      await mustRun(['skopeo', '--insecure-policy', 'copy', '--quiet', ...options, from, to], { cwd: bench.dir });
    };
    const name = exportedName();
    await copy(`oci:layout:${name}`, `oci-archive:oci.tar:${IMAGE}`);
    await copy(`oci:layout:${name}`, `docker-archive:docker.tar:${IMAGE}`);
    await copy(`oci:layout:${name}`, `oci:zstd:${IMAGE}`, '--dest-compress-format', 'zstd');
    for (const source of [`oci-archive:oci.tar:${IMAGE}`, `docker-archive:docker.tar:${IMAGE}`, `oci:zstd:${IMAGE}`]) {
      const repackaged = await listed(['--image', `kube-apiserver=${source}`]);
      const { digest, signature, executables, commands, references } = repackaged;
      expect({ digest, signature, executables, commands, references }, source).toEqual({
        digest: own.digest,
        signature: own.signature,
        executables: own.executables,
        commands: own.commands,
        references: own.references,
      });
      expect(repackaged.layers.map(({ diffId }) => diffId)).toEqual(own.layers.map(({ diffId }) => diffId));
    }
  });

  it('whose bytes were changed in the content store is refused', async () => {
    const [layer] = image.layers.slice(-1);
    const blob = `${daemon.root}/io.containerd.content.v1.content/blobs/sha256/${layer?.slice(7) ?? ''}`;
    await mustRun(['sh', '-c', `chmod u+w '${blob}' && printf X | dd of='${blob}' bs=1 seek=2000 conv=notrunc`]);
    const made = await bench.create(inContainerd(IMAGE, '--out', 'never.json'));
    expect(made.status).toBe(2);
    expect(made.stderr).toMatch(/layer sha256:\w+ has the digest sha256:/);
  });
});

/** containerd leaves the tag alone in the layout's own annotation. */
function exportedName(): string {
  const index = JSON.parse(bench.read('layout/index.json').toString()) as {
    manifests: { annotations: Record<string, string> }[];
  };
  return index.manifests[0]?.annotations['org.opencontainers.image.ref.name'] ?? '';
}

import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AMD64,
  ETCD,
  ETCD_BYTES,
  ETCD_REFERENCE,
  LIBRARY_BYTES,
  manyPrograms,
  writeDockerArchive,
  writeLayout,
  writeOciArchive,
} from '../fakes/image-bench.js';
import type { BuiltImage } from '../fakes/image-builder.js';
import { PublisherBench } from '../fakes/publisher-bench.js';
import { file, program, tarOf } from '../fakes/tar-writer.js';

const KUBELET = ['--component', 'kubelet=/usr/bin/kubelet'];
const IMAGE = ['--image', `etcd=oci:layout:${ETCD_REFERENCE}`, ...AMD64];

let bench: PublisherBench;
let built: BuiltImage;
beforeAll(() => {
  bench = new PublisherBench();
  built = writeLayout(bench, 'layout', ETCD);
});
afterAll(() => {
  bench.remove();
});

const blob = (digest: string): Buffer => bench.read(`layout/blobs/sha256/${digest.slice(7)}`);

describe('sealwatch manifest create --image', () => {
  it('lists config, manifest, layers and executables of the final file system', async () => {
    expect(await bench.create(IMAGE)).toMatchObject({ status: 0, stderr: '' });
    const [etcd] = bench.images();
    expect(etcd).toMatchObject({
      name: 'etcd',
      references: [ETCD_REFERENCE],
      platform: 'linux/amd64',
      digest: built.configDigest,
      size: String(blob(built.configDigest).length),
      manifest: built.target.descriptor.digest,
      layers: built.diffIds.map((diffId, i) => ({ diffId, digest: built.layerDigests[i] })),
      executables: [
        { path: '/bin/sh' },
        { path: '/usr/lib/libc.so.6', digest: sha256(LIBRARY_BYTES), size: String(LIBRARY_BYTES.length) },
        { path: '/usr/local/bin/etcd', digest: sha256(ETCD_BYTES), size: String(ETCD_BYTES.length) },
      ],
      commands: ['/usr/local/bin/etcd'],
      variables: ['GODEBUG=fips140=on'],
    });
    expect(bench.statement().subject).toEqual([{ name: 'etcd', digest: { sha256: built.configDigest.slice(7) } }]);
  });

  it('signs config and executables so that openssl accepts it over their very bytes', async () => {
    await bench.create(IMAGE);
    const [etcd] = bench.images();
    expect(bench.opensslVerifies(blob(built.configDigest), etcd?.signature ?? '')).toBe(true);
    const signature = etcd?.executables.find(({ path }) => path === '/usr/local/bin/etcd')?.signature ?? '';
    expect(bench.opensslVerifies(ETCD_BYTES, signature)).toBe(true);
    expect(bench.opensslVerifies(LIBRARY_BYTES, signature)).toBe(false);
  });

  it('says what an operator should look at', async () => {
    const { stdout } = await bench.create(IMAGE);
    expect(stdout).toContain('etcd [image] linux/amd64, 2 layers, 3 executables');
    expect(stdout).toContain(`    ${ETCD_REFERENCE}\n`);
    expect(stdout).toContain('    runs /usr/local/bin/etcd\n');
    expect(stdout).toContain('Note: etcd [image]: the image sets GODEBUG=fips140=on; the manifest allows that');
  });

  it('lists a file and an image of one name', async () => {
    const made = await bench.create([...IMAGE, '--component', 'etcd=/usr/bin/kubelet']);
    expect(made).toMatchObject({ status: 0 });
    expect(bench.statement().predicate.components.map(({ kind, name }) => `${name} ${kind}`)).toEqual([
      'etcd file',
      'etcd image',
    ]);
  });

  it.each<[string, () => string]>([
    ['an OCI archive', () => (writeOciArchive(bench, 'oci.tar', ETCD), `oci-archive:oci.tar:${ETCD_REFERENCE}`)],
    [
      'a docker archive',
      () => (
        writeDockerArchive(bench, 'docker.tar', ETCD, ETCD_REFERENCE),
        `docker-archive:docker.tar:${ETCD_REFERENCE}`
      ),
    ],
  ])('knows the same image in %s by its config', async (_, write) => {
    expect(await bench.create(['--image', `etcd=${write()}`, ...AMD64])).toMatchObject({ status: 0, stderr: '' });
    const [etcd] = bench.images();
    expect(etcd?.digest).toBe(built.configDigest);
    expect(etcd?.layers.map(({ diffId }) => diffId)).toEqual(built.diffIds);
    expect(etcd?.executables).toHaveLength(3);
  });

  it('lists no manifest and no layer digest of a docker archive, and says so', async () => {
    writeDockerArchive(bench, 'untagged.tar', ETCD, null);
    const made = await bench.create([
      ...['--image', 'etcd=docker-archive:untagged.tar', ...AMD64],
      ...['--reference', `etcd=${ETCD_REFERENCE}`],
    ]);
    expect(made.status).toBe(0);
    expect(made.stdout).toContain('a docker archive has no manifest; the image is pinned by its config');
    expect(bench.images()[0]).toMatchObject({ manifest: null, layers: [{ digest: null }, { digest: null }] });
  });

  it('takes one platform of a multi-platform image', async () => {
    writeLayout(bench, 'arm', { ...ETCD, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } });
    const image = ['--image', `etcd=oci:arm:${ETCD_REFERENCE}`];
    expect(await bench.create([...image, '--platform', 'linux/arm64'])).toMatchObject({ status: 0 });
    expect(bench.images()[0]?.platform).toBe('linux/arm64/v8');
    const other = await bench.create([...image, ...AMD64]);
    expect(other.status).toBe(2);
    expect(other.stderr).toContain('image etcd: the image is for linux/arm64/v8, not for linux/amd64');
  });

  it('lists what the publisher adds', async () => {
    const added = ['--reference', 'etcd=mirror.local:5000/etcd:3', '--command', 'etcd=/bin/sh'];
    expect(await bench.create([...IMAGE, ...added])).toMatchObject({ status: 0 });
    expect(bench.images()[0]).toMatchObject({
      references: [ETCD_REFERENCE, 'mirror.local:5000/etcd:3'],
      commands: ['/bin/sh'],
    });
  });

  it.each<[string, string[], RegExp]>([
    ['neither file nor image', [], /--component NAME=PATH or --image NAME=SOURCE/],
    ['a layout without a usable name', ['--image', 'etcd=oci:layout', ...AMD64], /--reference etcd=REF/],
    [
      'a layout that is not there',
      ['--image', 'etcd=oci:nowhere:a/a:1'],
      /image etcd: oci-layout in .*nowhere can't be read/,
    ],
    [
      'a name that is not in it',
      ['--image', 'etcd=oci:layout:a/a:1'],
      /0 are named a\/a:1; there are: registry\.k8s\.io\/etcd:3/,
    ],
    [
      'no socket of containerd',
      ['--image', 'etcd=containerd:a/a:1', '--containerd-socket', 'none'],
      /etcd in containerd at none, .*socket does not exist/,
    ],
    ['a command that is a link', [...IMAGE, '--command', 'etcd=/etcd'], /no such executable \(links don't count\)/],
    ['a library as what it is not', [...IMAGE, '--command', 'etcd=/usr/lib/libc.so'], /no such executable/],
    ['a signature of an image', [...IMAGE, '--signature', 'etcd=publisher.pub'], /many signatures.*--signer-command/],
    ['a reference of a file', [...KUBELET, '--reference', 'kubelet=a/a:1'], /no --image has this name/],
  ])('refuses %s as wrong usage', async (_, args, why) => {
    const made = await bench.create(args);
    expect(made.stderr).toMatch(why);
    expect(made.status).toBe(2);
  });

  it('names every image that can not be read', async () => {
    const made = await bench.create(['--image', 'a=oci:none:a/a:1', '--image', 'b=oci:none:b/b:1']);
    expect(made.stderr).toMatch(/image a: .*\n.*image b: /);
  });

  it('refuses an image whose bytes are not what their digests say', async () => {
    const damaged = writeLayout(bench, 'damaged', ETCD);
    const path = `damaged/blobs/sha256/${damaged.layerDigests[0]?.slice(7) ?? ''}`;
    const bytes = bench.read(path);
    bytes.writeUInt8(bytes.readUInt8(30) ^ 1, 30);
    bench.write(path, bytes);
    const made = await bench.create(['--image', `etcd=oci:damaged:${ETCD_REFERENCE}`, ...AMD64]);
    expect(made.status).toBe(2);
    expect(made.stderr).toMatch(/image etcd: layer sha256:\w+ has the digest/);
  });

  it('refuses an image without a program', async () => {
    writeLayout(bench, 'empty', { ...ETCD, layers: [tarOf([file('etc/passwd')])] });
    const made = await bench.create(['--image', `etcd=oci:empty:${ETCD_REFERENCE}`, ...AMD64]);
    expect(made.stderr).toContain('image etcd: it has no executable file');
  });

  it('refuses more executables than a manifest lists', async () => {
    writeLayout(bench, 'many', manyPrograms(20_000));
    const made = await bench.create(['--image', `etcd=oci:many:${ETCD_REFERENCE}`, ...AMD64]);
    expect(made.stderr).toContain('it has 20000 executables and shared libraries; a manifest lists at most 2000');
    expect(made.status).toBe(1);
  });

  it('refuses a manifest that hosts would not read, before it signs anything', async () => {
    writeLayout(bench, 'full', manyPrograms(2000));
    const images = Array.from({ length: 6 }, (_, i) => `i${String(i)}`).flatMap((name) => [
      ...['--image', `${name}=oci:full:${ETCD_REFERENCE}`, '--command', `${name}=/bin/p0`],
    ]);
    const made = await bench.create(
      [...images, ...AMD64],
      ['--signer-command', 'exit 9', '--publisher-key', 'publisher.pub'],
    );
    expect(made.stderr).toMatch(/would have 12006 signatures and \d{7,8} bytes.*make several manifests of it/);
    expect(made.status).toBe(1);
  });

  it('refuses a variable that is too long to be listed', async () => {
    const run = { Entrypoint: ['/bin/a'], Env: [`LD_PRELOAD=${'/x'.repeat(600)}`] };
    writeLayout(bench, 'preload', { layers: [tarOf([program('bin/a')])], run });
    const made = await bench.create(['--image', `etcd=oci:preload:${ETCD_REFERENCE}`, ...AMD64]);
    expect(made).toMatchObject({ status: 2 });
    expect(made.stderr).toContain('no manifest can list it: variables.0');
  });
});

describe('a manifest with images', () => {
  it('is verified, and verify says what it did not compare', async () => {
    await bench.create([...IMAGE, ...KUBELET]);
    const { status, stdout } = await bench.verify();
    expect(status).toBe(0);
    expect(stdout).toContain('Not compared: 1 image;');
    expect(stdout).toContain('All components are the ones the publisher signed');
    const json = await bench.verify('--output', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ passes: true, imagesNotCompared: 1, components: [{}] });
  });

  it('of nothing else does not claim that files were compared', async () => {
    await bench.create(IMAGE);
    const { status, stdout } = await bench.verify();
    expect(status).toBe(0);
    expect(stdout).toContain('The seal and every signature hold; no file is listed');
    expect(stdout).not.toContain('All components');
  });

  it('is shown, and printed as JSON whole', async () => {
    const made = await bench.create([...IMAGE, '--output', 'json']);
    expect(JSON.parse(made.stdout)).toMatchObject({
      sealed: true,
      manifest: { components: [{ kind: 'image', executables: [{}, {}, {}] }] },
      notes: ['etcd [image]: the image sets GODEBUG=fips140=on; the manifest allows that'],
    });
    const { stdout } = await bench.run(['show', 'manifest.json']);
    expect(stdout).toContain(`config ${built.configDigest}`);
  });
});

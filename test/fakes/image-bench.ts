import { mkdirSync } from 'node:fs';
import { archiveOf, type BuiltImage, ImageBuilder, type ImagePlan, writeFiles } from './image-builder.js';
import type { PublisherBench } from './publisher-bench.js';
import { file, program, symlink, tarOf, type TarMember, whiteout } from './tar-writer.js';

/** What the programs of `ETCD` hold. */
export const ETCD_BYTES: Buffer = Buffer.from('\x7fELF etcd 3.4.13', 'latin1');
export const LIBRARY_BYTES: Buffer = Buffer.from('\x7fELF a shared library without x', 'latin1');

/** An image with what images have: links, a library, a file that a later layer takes away, a script. */
export const ETCD: ImagePlan = {
  layers: [
    tarOf([
      program('bin/sh', '\x7fELF shell'),
      program('usr/bin/gone', 'gone'),
      file('usr/lib/libc.so.6', LIBRARY_BYTES),
      file('etc/passwd', 'root'),
    ]),
    tarOf([program('usr/local/bin/etcd', ETCD_BYTES), symlink('etcd', 'usr/local/bin/etcd'), whiteout('usr/bin/gone')]),
  ],
  platform: { os: 'linux', architecture: 'amd64' },
  run: { Entrypoint: ['/etcd'], Env: ['PATH=/usr/local/bin', 'GODEBUG=fips140=on', 'HOME=/'] },
};

export const ETCD_REFERENCE = 'registry.k8s.io/etcd:3.4.13-0';
export const AMD64 = ['--platform', 'linux/amd64'];

/** Writes an OCI layout into the bench's directory. */
export function writeLayout(
  bench: PublisherBench,
  directory: string,
  plan: ImagePlan,
  name = ETCD_REFERENCE,
): BuiltImage {
  const builder = new ImageBuilder();
  const built = builder.image(plan);
  mkdirSync(bench.path(directory), { recursive: true });
  writeFiles(bench.path(directory), builder.layoutFiles([named(built, name)]));
  return built;
}

/** The same as an archive in one file. */
export function writeOciArchive(
  bench: PublisherBench,
  path: string,
  plan: ImagePlan,
  name = ETCD_REFERENCE,
): BuiltImage {
  const builder = new ImageBuilder();
  const built = builder.image(plan);
  bench.write(path, archiveOf(builder.layoutFiles([named(built, name)])));
  return built;
}

/** What `docker save` writes. */
export function writeDockerArchive(
  bench: PublisherBench,
  path: string,
  plan: ImagePlan,
  tag: string | null,
): BuiltImage {
  const builder = new ImageBuilder();
  const built = builder.image({ ...plan, compression: 'none' });
  const blob = (digest: BuiltImage['configDigest']): Buffer => builder.blobs.get(digest) ?? Buffer.alloc(0);
  const layers = built.layerDigests.map((digest, index) => [`${String(index)}/layer.tar`, blob(digest)] as const);
  const list = [
    { Config: 'config.json', RepoTags: tag === null ? null : [tag], Layers: layers.map(([layerName]) => layerName) },
  ];
  bench.write(
    path,
    archiveOf(
      new Map([
        ['manifest.json', Buffer.from(JSON.stringify(list))],
        ['config.json', blob(built.configDigest)],
        ...layers,
      ]),
    ),
  );
  return built;
}

/** One layer with `count` executables, `/bin/p0` first. */
export function manyPrograms(count: number): ImagePlan {
  const members: TarMember[] = Array.from({ length: count }, (_, i) =>
    program(`bin/p${String(i)}`, `\x7fELF ${String(i)}`),
  );
  return { layers: [tarOf(members)], run: { Entrypoint: ['/bin/p0'] } };
}

function named({ target }: BuiltImage, name: string): unknown {
  return { ...target.descriptor, annotations: { 'org.opencontainers.image.ref.name': name } };
}

import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { mustRun } from './run-command.js';

/** A layer's files by path; `.wh.NAME` and `.wh..wh..opq` as OCI layers write deletions. */
export type LayerFiles = Readonly<Record<string, string | { readonly link: string } | { readonly copyOf: string }>>;

export interface ImageArchive {
  /** An OCI archive in a tar file. */
  readonly file: string;
  readonly manifest: Digest;
  readonly config: Digest;
  readonly layers: readonly Digest[];
  remove(): void;
}

/** busybox and the commands the tests call. */
export const BUSYBOX: LayerFiles = {
  'bin/busybox': { copyOf: '/bin/busybox' },
  'bin/sh': { link: 'busybox' },
  'bin/sleep': { link: 'busybox' },
};

/** A small, valid image of uncompressed layers (OCI image-layout). */
export async function imageArchive(name: string, layers: readonly LayerFiles[]): Promise<ImageArchive> {
  const scratch = mkdtempSync(join(tmpdir(), 'sealwatch-image-'));
  try {
    const layout = join(scratch, 'layout');
    mkdirSync(join(layout, 'blobs', 'sha256'), { recursive: true });
    const blob = (bytes: Buffer, mediaType: string): Descriptor => {
      writeFileSync(join(layout, 'blobs', 'sha256', createHash('sha256').update(bytes).digest('hex')), bytes);
      return { mediaType: `application/vnd.oci.image.${mediaType}`, digest: sha256(bytes), size: bytes.length };
    };
    const packed: Descriptor[] = [];
    for (const [n, files] of layers.entries()) {
      packed.push(blob(await layerTar(join(scratch, String(n)), files), 'layer.v1.tar'));
    }
    const config = blob(
      json({
        architecture: process.arch === 'x64' ? 'amd64' : process.arch,
        os: 'linux',
        config: { Cmd: ['/bin/sleep', '1d'], Env: ['PATH=/bin'] },
        rootfs: { type: 'layers', diff_ids: packed.map(({ digest }) => digest) },
      }),
      'config.v1+json',
    );
    const manifest = blob(json({ schemaVersion: 2, config, layers: packed }), 'manifest.v1+json');
    const annotations = { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': name };
    writeFileSync(join(layout, 'index.json'), json({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }));
    writeFileSync(join(layout, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
    const file = join(scratch, 'image.tar');
    await mustRun(['tar', '-cf', file, '-C', layout, '.']);
    return {
      file,
      manifest: manifest.digest,
      config: config.digest,
      layers: packed.map(({ digest }) => digest),
      remove: () => {
        rmSync(scratch, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    throw error;
  }
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

async function layerTar(directory: string, files: LayerFiles): Promise<Buffer> {
  mkdirSync(directory);
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    if (typeof content === 'string') writeFileSync(file, content, { mode: 0o755 });
    else if ('link' in content) symlinkSync(content.link, file);
    else copyFileSync(content.copyOf, file);
  }
  const tar = `${directory}.tar`;
  await mustRun(['tar', '-cf', tar, '--owner=0', '--group=0', '--sort=name', '-C', directory, '.']);
  return readFileSync(tar);
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

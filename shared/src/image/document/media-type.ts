import { CodedError } from '../../runtime/coded-error.js';
import { printable } from '../../runtime/printable.js';

export type Compression = 'none' | 'gzip' | 'zstd';

/** What a blob is, by its media type. */
export type BlobKind =
  | { readonly kind: 'index' }
  | { readonly kind: 'manifest' }
  | { readonly kind: 'config' }
  | { readonly kind: 'layer'; readonly compression: Compression };

const OCI = 'application/vnd.oci.image';
const DOCKER = 'application/vnd.docker';

export const OCI_MANIFEST: string = `${OCI}.manifest.v1+json`;
export const DOCKER_LAYER: string = `${DOCKER}.image.rootfs.diff.tar`;

/** OCI image-spec 1.1 "media-types.md"; distribution's "Image Manifest V 2, Schema 2". Layers some registries may not hold are layers. */
const KINDS: ReadonlyMap<string, BlobKind> = new Map<string, BlobKind>([
  [`${OCI}.index.v1+json`, { kind: 'index' }],
  [`${DOCKER}.distribution.manifest.list.v2+json`, { kind: 'index' }],
  [OCI_MANIFEST, { kind: 'manifest' }],
  [`${DOCKER}.distribution.manifest.v2+json`, { kind: 'manifest' }],
  [`${OCI}.config.v1+json`, { kind: 'config' }],
  [`${DOCKER}.container.image.v1+json`, { kind: 'config' }],
  [`${OCI}.layer.v1.tar`, { kind: 'layer', compression: 'none' }],
  [`${OCI}.layer.v1.tar+gzip`, { kind: 'layer', compression: 'gzip' }],
  [`${OCI}.layer.v1.tar+zstd`, { kind: 'layer', compression: 'zstd' }],
  [`${OCI}.layer.nondistributable.v1.tar`, { kind: 'layer', compression: 'none' }],
  [`${OCI}.layer.nondistributable.v1.tar+gzip`, { kind: 'layer', compression: 'gzip' }],
  [`${OCI}.layer.nondistributable.v1.tar+zstd`, { kind: 'layer', compression: 'zstd' }],
  [DOCKER_LAYER, { kind: 'layer', compression: 'none' }],
  [`${DOCKER_LAYER}.gzip`, { kind: 'layer', compression: 'gzip' }],
  [`${DOCKER_LAYER}.zstd`, { kind: 'layer', compression: 'zstd' }],
  [`${DOCKER}.image.rootfs.foreign.diff.tar`, { kind: 'layer', compression: 'none' }],
  [`${DOCKER}.image.rootfs.foreign.diff.tar.gzip`, { kind: 'layer', compression: 'gzip' }],
]);

const SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+/;

/** @throws CodedError('image.unsupported') for what no image of ours consists of */
export function blobKindOf(mediaType: string): BlobKind {
  const kind = KINDS.get(mediaType);
  if (kind !== undefined) return kind;
  const remedy = SCHEMA_1.test(mediaType)
    ? 'a schema 1 image pins no layers; convert it, for example: skopeo copy --format v2s2'
    : 'only OCI and docker schema 2 images can be read';
  throw new CodedError('image.unsupported', `media type ${printable(mediaType)}: ${remedy}`);
}

export function isIndex(mediaType: string): boolean {
  return KINDS.get(mediaType)?.kind === 'index';
}

import * as z from 'zod/mini';
import { CodedError } from '../../runtime/coded-error.js';
import { type Descriptor, descriptorSchema, mediaTypeSchema } from './descriptor.js';
import { blobKindOf, type Compression } from './media-type.js';
import { readDocument } from './read-document.js';

/** One image for one platform: OCI image manifest, docker schema 2. */
export interface ImageManifest {
  readonly mediaType: string | undefined;
  readonly config: Descriptor;
  readonly layers: readonly LayerDescriptor[];
}

export interface LayerDescriptor extends Descriptor {
  readonly compression: Compression;
}

export const MAX_MANIFEST_DOCUMENT_BYTES: number = 4 * 1024 * 1024;
/** Overlayfs takes 500 lower directories. */
export const MAX_LAYERS = 500;

const manifestSchema = z.object({
  schemaVersion: z.literal(2, 'must be 2; a schema 1 image pins no layers'),
  mediaType: z.optional(mediaTypeSchema),
  // a document that is two things at once reads differently to different programs (CVE-2021-41190)
  manifests: z.optional(z.never('a manifest lists no manifests')),
  config: descriptorSchema,
  layers: z.array(descriptorSchema).check(z.maxLength(MAX_LAYERS)),
});

/** OCI image-spec 1.1, manifest.md. @throws CodedError('image.malformed' | 'image.unsupported') */
export function readImageManifest(bytes: Uint8Array, what: string): ImageManifest {
  const read = readDocument(bytes, manifestSchema, { what, maxBytes: MAX_MANIFEST_DOCUMENT_BYTES });
  if (blobKindOf(read.config.mediaType).kind !== 'config') {
    throw new CodedError('image.unsupported', `${what} is no container image: its config has another media type`);
  }
  return {
    mediaType: read.mediaType,
    config: read.config,
    layers: read.layers.map((layer) => {
      const kind = blobKindOf(layer.mediaType);
      if (kind.kind !== 'layer')
        throw new CodedError('image.malformed', `${what} lists a layer that is a ${kind.kind}`);
      return { ...layer, compression: kind.compression };
    }),
  };
}

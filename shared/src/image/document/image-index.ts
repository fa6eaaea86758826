import * as z from 'zod/mini';
import { type Descriptor, descriptorSchema, imageDigestSchema, mediaTypeSchema, sizeSchema } from './descriptor.js';
import type { Platform } from './platform.js';
import { readDocument } from './read-document.js';

/** A list of manifests: OCI image index, docker manifest list. */
export interface ImageIndex {
  readonly mediaType: string | undefined;
  readonly entries: readonly IndexEntry[];
}

export interface IndexEntry extends Descriptor {
  readonly platform: Platform | undefined;
  /** `org.opencontainers.image.ref.name`, or the full name containerd writes beside it. */
  readonly names: readonly string[];
}

export const MAX_INDEX_BYTES: number = 4 * 1024 * 1024;

const name = z.string().check(z.maxLength(100));
const indexSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.optional(mediaTypeSchema),
  layers: z.optional(z.never('an index has no layers')),
  config: z.optional(z.never('an index has no config')),
  manifests: z
    .array(
      z.object({
        mediaType: mediaTypeSchema,
        digest: imageDigestSchema,
        size: sizeSchema,
        platform: z.optional(z.nullable(z.object({ os: name, architecture: name, variant: z.optional(name) }))),
        annotations: z.optional(z.nullable(z.record(z.string(), z.string()))),
      }),
    )
    .check(z.maxLength(10_000)),
});

/** OCI image-spec 1.1, image-index.md. @throws CodedError('image.malformed') */
export function readImageIndex(bytes: Uint8Array, what: string): ImageIndex {
  const { mediaType, manifests } = readDocument(bytes, indexSchema, { what, maxBytes: MAX_INDEX_BYTES });
  return {
    mediaType,
    entries: manifests.map(({ platform, annotations, ...entry }) => ({
      ...descriptorSchema.parse(entry),
      platform:
        platform === undefined || platform === null ? undefined : { ...platform, variant: platform.variant ?? null },
      names: [annotations?.['org.opencontainers.image.ref.name'], annotations?.['io.containerd.image.name']].filter(
        (one) => one !== undefined,
      ),
    })),
  };
}

import * as z from 'zod/mini';
import { type Digest, isDigest } from '../../hashing/digest.js';

/** A blob by its content (OCI image-spec 1.1, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** Docker and OCI know other algorithms; nothing we sign does. */
export const imageDigestSchema: z.ZodMiniType<Digest> = z.custom<Digest>(
  (value) => typeof value === 'string' && isDigest(value),
  'must be a sha256 digest; no other algorithm is supported',
);

export const mediaTypeSchema: z.ZodMiniType<string> = z.string().check(z.minLength(1), z.maxLength(255));
export const sizeSchema: z.ZodMiniType<number> = z.int().check(z.nonnegative());

export const descriptorSchema: z.ZodMiniType<Descriptor> = z.object({
  mediaType: mediaTypeSchema,
  digest: imageDigestSchema,
  size: sizeSchema,
});

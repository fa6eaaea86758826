import * as z from 'zod/mini';
import type { Digest } from '../hashing/digest.js';
import { componentNameSchema, digestSchema, pathTextSchema, sizeSchema } from '../measurement/field-schemas.js';
import { type ModuleDeclaration, moduleDeclarationSchema } from './module-declaration.js';

export type ManifestComponent = FileComponent | ImageComponent;

export interface FileComponent {
  readonly kind: 'file';
  readonly name: string;
  /** Where it may be, as path texts; every one that exists on a host is measured, and at least one must. */
  readonly paths: readonly string[];
  readonly digest: Digest;
  /** Bytes, decimal. */
  readonly size: string;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the file's bytes, RSA-4096, base64. */
  readonly signature: string;
  /** Left out: the publisher declares none. */
  readonly module?: ModuleDeclaration;
}

/** An image for one platform. Its identity is its config, which pins the layers' content, however they are packed. */
export interface ImageComponent {
  readonly kind: 'image';
  readonly name: string;
  /** What it is called: labels, which prove nothing. `registry.k8s.io/etcd:3.4.13-0` */
  readonly references: readonly string[];
  /** `linux/amd64` */
  readonly platform: string;
  /** Of the config (OCI image-spec, config.md). */
  readonly digest: Digest;
  /** Of the config, bytes, decimal. */
  readonly size: string;
  /** Over the config's bytes, as a file's. */
  readonly signature: string;
  /** Of the manifest it was read with; null: an archive without one. Repackaged it is another, and the same image. */
  readonly manifest: Digest | null;
  /** Bottom first. */
  readonly layers: readonly ImageLayer[];
  /** Executables and shared libraries of the final file system, by path. */
  readonly executables: readonly SignedExecutable[];
  /** Which of them a container's first process may be. */
  readonly commands: readonly string[];
  /** Variables that bend cryptography or load code, as the image itself sets them: `GODEBUG=…`. Others are refused. */
  readonly variables: readonly string[];
}

export interface ImageLayer {
  /** Of the stored bytes; null if the archive did not say. */
  readonly digest: Digest | null;
  /** Stored bytes, decimal. */
  readonly size: string;
  /** Of the uncompressed bytes. */
  readonly diffId: Digest;
  /** Bytes, decimal. */
  readonly uncompressedSize: string;
}

export interface SignedExecutable {
  /** Path text, from the image's root. */
  readonly path: string;
  readonly digest: Digest;
  /** Bytes, decimal. */
  readonly size: string;
  /** As a file component's. */
  readonly signature: string;
  readonly module?: ModuleDeclaration;
}

const signatureSchema = z.string().check(z.regex(/^[A-Za-z0-9+/]{0,1400}={0,2}$/));

export const fileComponentSchema: z.ZodMiniType<FileComponent> = z.strictObject({
  kind: z.literal('file'),
  name: componentNameSchema,
  paths: z.array(pathTextSchema).check(z.minLength(1), z.maxLength(20)),
  digest: digestSchema,
  size: sizeSchema,
  signature: signatureSchema,
  module: z.exactOptional(moduleDeclarationSchema),
});

/** An image of a whole distribution has that many; a report has room for them. */
export const MAX_EXECUTABLES = 2000;

export const imageComponentSchema: z.ZodMiniType<ImageComponent> = z.strictObject({
  kind: z.literal('image'),
  name: componentNameSchema,
  references: z.array(z.string().check(z.minLength(1), z.maxLength(1024))).check(z.maxLength(20)),
  platform: z.string().check(z.regex(/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/)),
  digest: digestSchema,
  size: sizeSchema,
  signature: signatureSchema,
  manifest: z.nullable(digestSchema),
  layers: z
    .array(
      z.strictObject({
        digest: z.nullable(digestSchema),
        size: sizeSchema,
        diffId: digestSchema,
        uncompressedSize: sizeSchema,
      }),
    )
    .check(z.maxLength(500)),
  executables: z
    .array(
      z.strictObject({
        path: pathTextSchema,
        digest: digestSchema,
        size: sizeSchema,
        signature: signatureSchema,
        module: z.exactOptional(moduleDeclarationSchema),
      }),
    )
    .check(z.minLength(1), z.maxLength(MAX_EXECUTABLES)),
  commands: z.array(pathTextSchema).check(z.minLength(1), z.maxLength(50)),
  variables: z.array(z.string().check(z.maxLength(1000))).check(z.maxLength(50)),
});

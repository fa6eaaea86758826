import * as z from 'zod/mini';
import type { Digest } from '../hashing/digest.js';
import { MAX_EXECUTABLES } from '../manifest/manifest-component.js';
import type { ImageSubject } from '../subject/subject.js';
import { componentNameSchema, digestSchema, pathTextSchema, reasonSchema } from './field-schemas.js';
import { type Absent, absentSchema, type Unreadable, unreadableSchema } from './unseen.js';

/**
 * One component's images on a host, in four layers of evidence, each a fact of its own: what containerd stores, what it
 * unpacked, how containers are configured, what runs. No ids and no times, so that a restart changes nothing.
 */
export interface ImageMeasurement {
  readonly subject: ImageSubject;
  /** `absent`: the host has no containerd. */
  readonly observed: SeenImages | Absent | Unreadable;
}

export interface SeenImages {
  readonly state: 'seen';
  /** Stored under one of the component's names, or in use by it. */
  readonly stored: readonly StoredImage[];
  /** Those whose task runs; equal ones once. */
  readonly containers: readonly RunningContainer[];
  readonly pods: readonly StaticPod[];
}

export interface StoredImage {
  /** Names in containerd's list, sorted; empty if it is only in use. */
  readonly names: readonly string[];
  /** What the names point to: an index or a manifest. */
  readonly target: Digest;
  /** The image's identity; null if it could not be told, then `faults` say why. */
  readonly config: Digest | null;
  /** Blobs that are not what their digests name, or can't be read. */
  readonly faults: readonly BlobFaultObserved[];
  /** Layers whose bytes containerd has discarded since it unpacked them. */
  readonly layersNotStored: number;
}

export interface BlobFaultObserved {
  readonly blob: 'index' | 'manifest' | 'config' | 'layer';
  readonly digest: Digest;
  readonly fault: 'missing' | 'size' | 'digest' | 'diff-id' | 'inflates-too-far' | 'unreadable';
  /** What was found instead, in words. */
  readonly found: string;
}

export interface RunningContainer {
  /** As the container names it: a label. */
  readonly image: string;
  /** Of the image it was made from; null if that could not be told. */
  readonly config: Digest | null;
  readonly snapshotter: string;
  /** The executables that the manifests list for this image, by path; null if no manifest lists the image. */
  readonly unpacked: readonly UnpackedFile[] | Unreadable | null;
  readonly settings: ContainerSettings | Unreadable;
  /**
   * The file in its snapshot that the first argument leads to, through links or PATH; path text. Null if it is that
   * argument itself, or none was found.
   */
  readonly commandPath: string | null;
  /** The container's first process; null: its runtime says that it runs, and it is not seen here. */
  readonly process: FirstProcess | Unreadable | null;
}

export type UnpackedFile =
  | {
      readonly path: string;
      readonly digest: Digest;
      /** In the container's own upper directory, which hides what its image has there. */
      readonly shadowing: boolean;
    }
  | { readonly path: string; readonly problem: string };

export interface ContainerSettings {
  readonly state: 'read';
  readonly arguments: readonly string[];
  /** Those that bend cryptography or load code: `GODEBUG=…`. No other leaves the host. */
  readonly variables: readonly string[];
  readonly mounts: readonly ContainerMount[];
}

export interface ContainerMount {
  readonly destination: string;
  readonly source: string;
  readonly type: string;
}

export interface FirstProcess {
  /** Path text as the process's own root has it. */
  readonly executable: string;
  readonly digest: Digest;
}

/** A file from which the kubelet starts a container by the component's name. */
export interface StaticPod {
  readonly file: string;
  readonly digest: Digest | null;
  /** The container's image as it is written there. */
  readonly image: string;
  readonly settings: ContainerSettings | Unreadable;
}

/** More is cut before it is sent, with a mark, and so fails what it is compared with. */
const text = z.string().check(z.maxLength(1024));
const texts = z.array(text).check(z.maxLength(300));

const settings: z.ZodMiniType<ContainerSettings | Unreadable> = z.union([
  z.strictObject({
    state: z.literal('read'),
    arguments: texts,
    variables: texts,
    mounts: z.array(z.strictObject({ destination: text, source: text, type: text })).check(z.maxLength(200)),
  }),
  unreadableSchema,
]);

const stored: z.ZodMiniType<StoredImage> = z.strictObject({
  names: texts,
  target: digestSchema,
  config: z.nullable(digestSchema),
  faults: z
    .array(
      z.strictObject({
        blob: z.enum(['index', 'manifest', 'config', 'layer']),
        digest: digestSchema,
        fault: z.enum(['missing', 'size', 'digest', 'diff-id', 'inflates-too-far', 'unreadable']),
        found: reasonSchema,
      }),
    )
    .check(z.maxLength(200)),
  layersNotStored: z.int().check(z.nonnegative()),
});

const unpackedFile: z.ZodMiniType<UnpackedFile> = z.union([
  z.strictObject({ path: pathTextSchema, digest: digestSchema, shadowing: z.boolean() }),
  z.strictObject({ path: pathTextSchema, problem: reasonSchema }),
]);

const running: z.ZodMiniType<RunningContainer> = z.strictObject({
  image: text,
  config: z.nullable(digestSchema),
  snapshotter: text,
  unpacked: z.nullable(z.union([z.array(unpackedFile).check(z.maxLength(MAX_EXECUTABLES)), unreadableSchema])),
  settings,
  commandPath: z._default(z.nullable(pathTextSchema), null),
  process: z.nullable(z.union([z.strictObject({ executable: text, digest: digestSchema }), unreadableSchema])),
});

export const imageMeasurementSchema: z.ZodMiniType<ImageMeasurement> = z.strictObject({
  subject: z.strictObject({ kind: z.literal('image'), component: componentNameSchema }),
  observed: z.union([
    z.strictObject({
      state: z.literal('seen'),
      stored: z.array(stored).check(z.maxLength(50)),
      containers: z.array(running).check(z.maxLength(50)),
      pods: z
        .array(z.strictObject({ file: text, digest: z.nullable(digestSchema), image: text, settings }))
        .check(z.maxLength(20)),
    }),
    absentSchema,
    unreadableSchema,
  ]),
});

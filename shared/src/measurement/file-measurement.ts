import * as z from 'zod/mini';
import type { Digest } from '../hashing/digest.js';
import type { FileSubject } from '../subject/subject.js';
import { componentNameSchema, countSchema, digestSchema, pathTextSchema, sizeSchema } from './field-schemas.js';
import { type FileCapabilities, fileCapabilitiesSchema } from './file-capabilities.js';
import { absentSchema, unreadableSchema } from './unseen.js';

export interface FileMeasurement {
  readonly subject: FileSubject;
  readonly observed: FileObservation;
}

export type FileObservation =
  | {
      readonly state: 'present';
      /** Where the path led, as a path text below the host root. Equal to the subject's path unless a symlink was met. */
      readonly realPath: string;
      /** Bytes, decimal. */
      readonly size: string;
      readonly digest: Digest;
      /** Permission and set-id bits, octal: `0755`. */
      readonly mode: string;
      readonly uid: number;
      readonly gid: number;
      /** Left out: nobody asked, as in a directory tree that is only held against a manifest, and by older agents. */
      readonly capabilities?: FileCapabilities;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'not-regular'; readonly fileType: FileType }
  | { readonly state: 'unreadable'; readonly reason: string };

const FILE_TYPES = [
  'directory',
  'fifo',
  'socket',
  'block-device',
  'character-device',
  'symlink-loop',
  'unknown',
] as const;
export type FileType = (typeof FILE_TYPES)[number];

export const fileMeasurementSchema: z.ZodMiniType<FileMeasurement> = z.strictObject({
  subject: z.strictObject({ kind: z.literal('file'), component: componentNameSchema, path: pathTextSchema }),
  observed: z.discriminatedUnion('state', [
    z.strictObject({
      state: z.literal('present'),
      realPath: pathTextSchema,
      size: sizeSchema,
      digest: digestSchema,
      mode: z.string().check(z.regex(/^[0-7]{4}$/)),
      uid: countSchema,
      gid: countSchema,
      capabilities: z.exactOptional(fileCapabilitiesSchema),
    }),
    absentSchema,
    z.strictObject({ state: z.literal('not-regular'), fileType: z.enum(FILE_TYPES) }),
    unreadableSchema,
  ]),
});

import * as z from 'zod/mini';
import { type Digest, isDigest } from '../hashing/digest.js';
import { isTimestamp, type Timestamp } from '../runtime/timestamp.js';
import { COMPONENT_NAME } from '../subject/component.js';
import { isAbsolutePathText } from '../subject/path-text.js';
import { HOST_ASPECTS, type FileSubject, type HostSubject } from '../subject/subject.js';
import type { Measurement } from './measurement.js';

/** Shapes shared by every signed document. Strict: an unknown field is refused, never skipped. */
export const digestSchema: z.ZodMiniType<Digest> = z.custom<Digest>((v) => typeof v === 'string' && isDigest(v));
export const timestampSchema: z.ZodMiniType<Timestamp> = z.string().check(z.refine(isTimestamp));
export const componentNameSchema: z.ZodMiniType<string> = z.string().check(z.regex(COMPONENT_NAME));
export const pathTextSchema: z.ZodMiniType<string> = z.string().check(z.refine(isAbsolutePathText));
export const countSchema: z.ZodMiniType<number> = z.int().check(z.nonnegative());

const reason = z.string().check(z.maxLength(500));

const fileSubjectSchema: z.ZodMiniType<FileSubject> = z.strictObject({
  kind: z.literal('file'),
  component: componentNameSchema,
  path: pathTextSchema,
});

const hostSubjectSchema: z.ZodMiniType<HostSubject> = z.strictObject({
  kind: z.literal('host'),
  aspect: z.enum(HOST_ASPECTS),
});

const absent = z.strictObject({ state: z.literal('absent') });
const unreadable = z.strictObject({ state: z.literal('unreadable'), reason });

export const measurementSchema: z.ZodMiniType<Measurement> = z.union([
  z.strictObject({
    subject: fileSubjectSchema,
    observed: z.discriminatedUnion('state', [
      z.strictObject({
        state: z.literal('present'),
        realPath: pathTextSchema,
        size: z.string().check(z.regex(/^(0|[1-9]\d{0,18})$/)),
        digest: digestSchema,
        mode: z.string().check(z.regex(/^[0-7]{4}$/)),
        uid: countSchema,
        gid: countSchema,
      }),
      absent,
      z.strictObject({
        state: z.literal('not-regular'),
        fileType: z.enum([
          'directory',
          'fifo',
          'socket',
          'block-device',
          'character-device',
          'symlink-loop',
          'unknown',
        ]),
      }),
      unreadable,
    ]),
  }),
  z.strictObject({
    subject: hostSubjectSchema,
    observed: z.discriminatedUnion('state', [
      z.strictObject({ state: z.literal('fips'), fipsEnabled: z.string().check(z.maxLength(64)) }),
      z.strictObject({
        state: z.literal('authority'),
        digest: digestSchema,
        notBefore: timestampSchema,
        seenUnderStandard: z.nullable(digestSchema),
      }),
      absent,
      unreadable,
    ]),
  }),
]);

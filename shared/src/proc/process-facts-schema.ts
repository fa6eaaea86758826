import * as z from 'zod/mini';
import { digestSchema, reasonSchema } from '../measurement/field-schemas.js';
import { unreadableSchema } from '../measurement/unseen.js';
import {
  type AnonymousCode,
  type ExecutableFacts,
  type Known,
  type MappedFileFacts,
  MAX_ANONYMOUS,
  MAX_FILES,
  MAX_MOUNTS,
  MAX_PRELOADS,
  MAX_VALUE,
  MAX_VARIABLES,
  type MountFacts,
  type OnDisk,
  type PackageFacts,
  type ProcessFacts,
  type RelevantVariable,
  type TextComparison,
} from './process-facts.js';

/** A path as a process sees it: no path the publisher chose, so only its length is held. */
const path = z.string().check(z.maxLength(4 * 4200));
const name = z.string().check(z.maxLength(512));

function known<T>(value: z.ZodMiniType<T>): z.ZodMiniType<Known<T>> {
  return z.union([z.strictObject({ state: z.literal('known'), value }), unreadableSchema]);
}

const onDisk: z.ZodMiniType<OnDisk> = z.union([
  z.strictObject({ state: z.enum(['same', 'deleted', 'hidden', 'memory']) }),
  z.strictObject({ state: z.literal('replaced'), digest: digestSchema }),
  unreadableSchema,
]);

const executable: z.ZodMiniType<ExecutableFacts> = z.strictObject({ path, digest: known(digestSchema), onDisk });

const text: z.ZodMiniType<TextComparison> = z.union([
  z.strictObject({ state: z.literal('equal'), privatePages: z.nullable(z.int().check(z.nonnegative())) }),
  z.strictObject({
    state: z.literal('different'),
    pages: z.int().check(z.positive()),
    firstOffset: z.string().check(z.regex(/^\d{1,20}$/)),
  }),
  unreadableSchema,
]);

const packaged: z.ZodMiniType<PackageFacts> = z.union([
  z.strictObject({
    state: z.literal('owned'),
    name,
    digest: z.nullable(digestSchema),
    signer: z.nullable(z.string().check(z.maxLength(100))),
  }),
  z.strictObject({ state: z.enum(['unowned', 'no-database']) }),
  z.strictObject({ state: z.literal('unreadable'), reason: reasonSchema }),
]);

const file: z.ZodMiniType<MappedFileFacts> = z.strictObject({
  path,
  role: z.enum(['executable', 'library']),
  digest: z.nullable(known(digestSchema)),
  onDisk,
  text,
  writable: z.boolean(),
  systemDirectory: z.boolean(),
  preloaded: z.boolean(),
  package: z.nullable(packaged),
});

const anonymous: z.ZodMiniType<AnonymousCode> = z.strictObject({ name, writable: z.boolean() });

const variable: z.ZodMiniType<RelevantVariable> = z.strictObject({
  name: z.string().check(z.maxLength(256)),
  value: z.string().check(z.maxLength(4 * MAX_VALUE + 8)),
});

const mount: z.ZodMiniType<MountFacts> = z.strictObject({
  on: z.enum(['path', 'ancestor']),
  seenBy: z.enum(['host', 'process']),
  mountPoint: path,
  fsType: name,
  root: path,
});

const place = z.enum(['host', 'own']);

export const processFactsSchema: z.ZodMiniType<ProcessFacts> = z.strictObject({
  executable,
  files: z.array(file).check(z.maxLength(MAX_FILES)),
  moreFiles: z.boolean(),
  anonymous: z.array(anonymous).check(z.maxLength(MAX_ANONYMOUS)),
  vdso: z.enum(['equal', 'different', 'none', 'not-compared']),
  environment: known<readonly RelevantVariable[]>(z.array(variable).check(z.maxLength(MAX_VARIABLES))),
  preload: known<readonly string[]>(z.array(path).check(z.maxLength(MAX_PRELOADS))),
  tracer: known<string | null>(z.nullable(path)),
  root: place,
  mountNamespace: known<'host' | 'own'>(place),
  mounts: known<readonly MountFacts[]>(z.array(mount).check(z.maxLength(MAX_MOUNTS))),
});

import * as z from 'zod/mini';
import { digestSchema, pathTextSchema, reasonSchema } from '../measurement/field-schemas.js';
import { absentSchema, unreadableSchema } from '../measurement/unseen.js';
import { factSchema } from './fact.js';
import { HMAC_KEY_NAMES } from './hmac-keys.js';
import {
  type BackEnd,
  MAX_BACK_ENDS,
  MAX_FACT_TEXT,
  MAX_MOUNTS_SEEN,
  MAX_MOUNT_TEXT,
  MAX_OWN_DEFINITIONS,
  MAX_SEALED_FILES,
  MAX_WEAKER_SETTINGS,
  type MountSeen,
  type PlatformObservation,
  type SealedFile,
} from './platform-observation.js';
import type { PolicyName } from './policy-name.js';

const text = z.string().check(z.maxLength(MAX_FACT_TEXT));
const present = z.literal('present');
const algorithm = z.enum(['sha256', 'sha512']);
const hmac = z.string().check(z.regex(/^([0-9a-f]{64}|[0-9a-f]{128})$/));
const fileSystemKind = z.enum(['proc', 'other', 'not-known']);
/** Not always a path: the kernel also writes `/file//deleted` and `net:[4026531840]`. */
const mountText = z.string().check(z.maxLength(MAX_MOUNT_TEXT));

const policyNameSchema: z.ZodMiniType<PolicyName> = z.strictObject({
  base: z.string().check(z.minLength(1), z.maxLength(64)),
  subpolicies: z.array(z.string().check(z.minLength(1), z.maxLength(64))).check(z.maxLength(16)),
});

const backEndSchema: z.ZodMiniType<BackEnd> = z.strictObject({
  name: text,
  source: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('shipped'), policy: text }),
    z.strictObject({
      state: z.literal('edited'),
      digest: digestSchema,
      compared: z.boolean(),
      weaker: z.array(text).check(z.maxLength(MAX_WEAKER_SETTINGS)),
    }),
    z.strictObject({ state: z.literal('unreadable'), reason: reasonSchema }),
  ]),
});

const sealedFileSchema: z.ZodMiniType<SealedFile> = z.strictObject({
  path: pathTextSchema,
  sidecar: pathTextSchema,
  seal: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('matches'), algorithm, key: z.enum(HMAC_KEY_NAMES) }),
    z.strictObject({
      state: z.literal('differs'),
      algorithm,
      expected: hmac,
      observed: hmac,
      prelinked: z.boolean(),
    }),
    absentSchema,
    unreadableSchema,
  ]),
});

const sealedFiles = z.array(sealedFileSchema).check(z.maxLength(MAX_SEALED_FILES));

const mountSchema: z.ZodMiniType<MountSeen> = z.strictObject({
  mountPoint: mountText,
  fsType: mountText,
  root: mountText,
  origin: z.nullable(mountText),
});

export const platformObservationSchema: z.ZodMiniType<PlatformObservation> = z.strictObject({
  osRelease: factSchema(z.strictObject({ id: text, versionId: text, name: text, prettyName: text, platformId: text })),
  kernelRelease: factSchema(text),
  fipsEnabled: factSchema(z.string().check(z.maxLength(64))),
  commandLine: factSchema(
    z.strictObject({
      fips: z.array(text).check(z.maxLength(16)),
      boot: z.nullable(text),
      skipsKernelCheck: z.boolean(),
    }),
  ),
  systemFips: factSchema(present),
  cryptoPolicy: z.strictObject({
    configured: factSchema(policyNameSchema),
    applied: factSchema(policyNameSchema),
    backEnds: factSchema(z.array(backEndSchema).check(z.maxLength(MAX_BACK_ENDS))),
    ownDefinitions: factSchema(z.array(text).check(z.maxLength(MAX_OWN_DEFINITIONS))),
  }),
  dracut: z.strictObject({
    module: factSchema(present),
    configuration: factSchema(z.strictObject({ adds: z.boolean(), omits: z.boolean() })),
  }),
  prelink: z.strictObject({ configured: factSchema(z.boolean()), cache: factSchema(present) }),
  kernelImages: sealedFiles,
  libraries: factSchema(z.strictObject({ sealed: sealedFiles, unsealed: z.array(text).check(z.maxLength(8)) })),
  mounts: z.strictObject({
    over: factSchema(z.array(mountSchema).check(z.maxLength(MAX_MOUNTS_SEEN))),
    fipsEnabledOn: fileSystemKind,
    commandLineOn: fileSystemKind,
  }),
});

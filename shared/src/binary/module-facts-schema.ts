import * as z from 'zod/mini';
import { countSchema, reasonSchema } from '../measurement/field-schemas.js';
import { type GoFacts, MAX_TEXT, type ModuleFacts } from './module-facts.js';
import { moduleHashSchema } from './module-hash-schema.js';
import type { LocatedModule } from './module/locate-boring-module.js';
import type { NativeModule } from './go/native-module.js';

const text = z.string().check(z.maxLength(MAX_TEXT));
const algorithm = z.enum(['sha256', 'sha512']);

const settings = z.strictObject({
  GOEXPERIMENT: z.exactOptional(text),
  GOFIPS140: z.exactOptional(text),
  DefaultGODEBUG: z.exactOptional(text),
});

const go: z.ZodMiniType<GoFacts> = z.strictObject({
  version: z.strictObject({
    text,
    experiments: z.array(text).check(z.maxLength(1)),
    boringRelease: z.nullable(countSchema),
  }),
  module: z.strictObject({ settings }),
});

const boring: z.ZodMiniType<LocatedModule> = z.union([
  z.strictObject({
    state: z.literal('found'),
    by: z.enum(['symbols', 'known-hash', 'self-test']),
    address: countSchema,
    length: countSchema,
    hmac: algorithm,
    hash: moduleHashSchema,
  }),
  z.strictObject({
    state: z.literal('corrupt'),
    by: z.enum(['symbols', 'known-hash']),
    address: z.int(),
    length: z.int(),
    reason: reasonSchema,
  }),
  z.strictObject({ state: z.literal('not-found') }),
  z.strictObject({ state: z.literal('undetermined'), reason: reasonSchema }),
]);

const native: z.ZodMiniType<NativeModule> = z.union([
  z.strictObject({ state: z.literal('absent') }),
  z.strictObject({
    state: z.enum(['consistent', 'corrupt']),
    address: countSchema,
    bytes: countSchema,
    sum: moduleHashSchema,
  }),
  z.strictObject({ state: z.literal('malformed'), reason: reasonSchema }),
]);

export const moduleFactsSchema: z.ZodMiniType<ModuleFacts> = z.strictObject({
  elf: z.strictObject({
    machine: z.enum(['amd64', 'arm64', '386', 'arm', 's390x', 'ppc64', 'riscv64', 'other']),
    needed: z.array(text).check(z.maxLength(1)),
  }),
  go: z.nullable(go),
  names: z.strictObject({
    known: z.boolean(),
    boringCrypto: z.boolean(),
    standardCrypto: z.boolean(),
    fipsOnly: z.boolean(),
    boringCalls: z.boolean(),
    openssl: z.boolean(),
    frozenVersion: z.nullable(text),
  }),
  signatures: z.array(z.enum(['boringCrypto', 'standardCrypto', 'fipsOnly'])).check(z.maxLength(3)),
  boring,
  native,
});

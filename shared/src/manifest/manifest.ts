import * as z from 'zod/mini';
import { timestampSchema } from '../measurement/field-schemas.js';
import type { Timestamp } from '../runtime/timestamp.js';
import { fileComponentSchema, imageComponentSchema, type ManifestComponent } from './manifest-component.js';

/** The publisher's list of reference values (RFC 9334 §4: Reference Value Provider), predicate of an in-toto Statement. */
export interface Manifest {
  readonly schema: 'sealwatch/manifest/v1';
  /** Chosen by the publisher: `konvoy-1.7.0-rhel8`. */
  readonly id: string;
  readonly notBefore: Timestamp;
  readonly notAfter: Timestamp;
  /** Operating systems and Kubernetes versions this is for, as text for people: `rhel-8`, `1.19.7`. Empty: not said. */
  readonly operatingSystems: readonly string[];
  readonly kubernetesVersion: string | null;
  readonly components: readonly ManifestComponent[];
}

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const MANIFEST_PREDICATE = 'urn:sealwatch:manifest:v1';

/** in-toto Statement v1 with the manifest as its predicate; `subject` repeats names and digests for in-toto's own tools. */
export interface ManifestStatement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: typeof MANIFEST_PREDICATE;
  readonly predicate: Manifest;
}

export const MAX_MANIFEST_BYTES: number = 8 * 1024 * 1024;

const manifestSchema: z.ZodMiniType<Manifest> = z.strictObject({
  schema: z.literal('sealwatch/manifest/v1'),
  id: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/)),
  notBefore: timestampSchema,
  notAfter: timestampSchema,
  operatingSystems: z.array(z.string().check(z.maxLength(64))).check(z.maxLength(50)),
  kubernetesVersion: z.nullable(z.string().check(z.maxLength(64))),
  components: z.array(z.union([fileComponentSchema, imageComponentSchema])).check(z.minLength(1), z.maxLength(1000)),
});

export const manifestStatementSchema: z.ZodMiniType<ManifestStatement> = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(
    z.strictObject({
      name: z.string().check(z.maxLength(4200)),
      digest: z.strictObject({ sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
    }),
  ),
  predicateType: z.literal(MANIFEST_PREDICATE),
  predicate: manifestSchema,
});

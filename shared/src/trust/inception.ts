import * as z from 'zod/mini';
import type { Timestamp } from '../runtime/timestamp.js';
import { timestampSchema } from '../measurement/field-schemas.js';
import { CLUSTER_ID } from './identity.js';

export const MODES = ['fips', 'standard'] as const;
export type Mode = (typeof MODES)[number];

/** The cluster's birth record, signed once by the cluster key. Its mode can never change. */
export interface Inception {
  readonly schema: 'sealwatch/inception/v1';
  readonly clusterId: string;
  readonly clusterName: string;
  readonly mode: Mode;
  readonly createdAt: Timestamp;
  /** keyid of the cluster key, which is the root of trust. */
  readonly clusterKey: string;
  /** Set when a cluster that ran before Sealwatch came was adopted: why the operator vouches for it. Printed for ever. */
  readonly adopted: { readonly reason: string } | null;
}

export const inceptionSchema: z.ZodMiniType<Inception> = z.strictObject({
  schema: z.literal('sealwatch/inception/v1'),
  clusterId: z.string().check(z.regex(CLUSTER_ID)),
  clusterName: z.string().check(z.minLength(1), z.maxLength(63)),
  mode: z.enum(MODES),
  createdAt: timestampSchema,
  clusterKey: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  adopted: z.nullable(z.strictObject({ reason: z.string().check(z.minLength(1), z.maxLength(500)) })),
});

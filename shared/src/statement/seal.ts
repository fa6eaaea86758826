import * as z from 'zod/mini';
import type { Digest } from '../hashing/digest.js';
import { countSchema, digestSchema, timestampSchema } from '../measurement/field-schemas.js';
import type { Timestamp } from '../runtime/timestamp.js';
import { HOST_NAME } from '../subject/component.js';
import { CLUSTER_ID } from '../trust/identity.js';

/**
 * A signed "the state of that report held from `since` to `until`". Not chained: each replaces its predecessor for
 * the same report, so years of unchanged state cost one seal a day and every minute of it stays provable.
 */
export interface Seal {
  readonly schema: 'sealwatch/seal/v1';
  readonly clusterId: string;
  readonly host: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly reportDigest: Digest;
  readonly since: Timestamp;
  readonly until: Timestamp;
  /** Full scans between `since` and `until` that found this state. */
  readonly observations: number;
  readonly longestGapMs: number;
  readonly deepestCheckAt: Timestamp;
  /** The challenge this seal answers, hex. */
  readonly nonce: string | null;
  readonly bootId: string;
  readonly instance: string;
}

export const MAX_SEAL_BYTES: number = 4 * 1024;

const hex16 = z.string().check(z.regex(/^[0-9a-f]{32}$/));

export const sealSchema: z.ZodMiniType<Seal> = z.strictObject({
  schema: z.literal('sealwatch/seal/v1'),
  clusterId: z.string().check(z.regex(CLUSTER_ID)),
  host: z.string().check(z.regex(HOST_NAME)),
  epoch: z.int().check(z.positive()),
  sequence: z.int().check(z.positive()),
  reportDigest: digestSchema,
  since: timestampSchema,
  until: timestampSchema,
  observations: z.int().check(z.positive()),
  longestGapMs: countSchema,
  deepestCheckAt: timestampSchema,
  nonce: z.nullable(hex16),
  bootId: z.string().check(z.maxLength(64)),
  instance: hex16,
});

import * as z from 'zod/mini';
import { timestampSchema } from '../measurement/field-schemas.js';
import type { Timestamp } from '../runtime/timestamp.js';
import { HOST_NAME } from '../subject/component.js';
import { CLUSTER_ID } from './identity.js';

/** A host's request for new certificates, signed by its signing key: same host, same epoch. */
export interface Renewal {
  readonly schema: 'sealwatch/renewal/v1';
  readonly clusterId: string;
  readonly host: string;
  readonly epoch: number;
  readonly at: Timestamp;
  /** Random, hex; a renewal is good once. */
  readonly nonce: string;
  /** PKCS#10, base64 DER; null if that certificate is to stay. */
  readonly signingCsr: string | null;
  readonly tlsCsr: string;
}

const csr = z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/), z.maxLength(8192));

export const renewalSchema: z.ZodMiniType<Renewal> = z.strictObject({
  schema: z.literal('sealwatch/renewal/v1'),
  clusterId: z.string().check(z.regex(CLUSTER_ID)),
  host: z.string().check(z.regex(HOST_NAME)),
  epoch: z.int().check(z.positive()),
  at: timestampSchema,
  nonce: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  signingCsr: z.nullable(csr),
  tlsCsr: csr,
});

import * as z from 'zod/mini';
import type { CmvpSnapshot } from '../cmvp/cmvp-snapshot.js';
import { cmvpSnapshotSchema } from '../cmvp/read-snapshot.js';
import type { Digest } from '../hashing/digest.js';
import { digestSchema, timestampSchema } from '../measurement/field-schemas.js';
import type { Timestamp } from '../runtime/timestamp.js';
import { HOST_NAME, ROLES, type Role } from '../subject/component.js';
import { CLUSTER_ID } from './identity.js';
import { type Policy, policySchema } from './policy.js';

/** All the operator's intent in one signed thing, and the only monotonic version there is (the cluster key signs it). */
export interface Release {
  readonly schema: 'sealwatch/release/v1';
  readonly clusterId: string;
  /** Digest of the inception record's payload. */
  readonly inception: Digest;
  readonly version: number;
  readonly issuedAt: Timestamp;
  readonly policy: Policy;
  readonly hosts: readonly DeclaredHost[];
  /** Hosts taken out of the inventory lately; `check` names them for 30 days. */
  readonly removedHosts: readonly { readonly name: string; readonly removedAt: Timestamp }[];
  readonly operators: readonly DeclaredOperator[];
  readonly publisherKeys: readonly PublisherKey[];
  readonly manifests: readonly ManifestInForce[];
  /** What NIST said of certificates, by which crypto modules are judged; never older than in the release before. */
  readonly cmvp: CmvpSnapshot;
}

export interface DeclaredHost {
  readonly name: string;
  readonly role: Role;
}

export const OPERATOR_ROLES = ['viewer', 'operator', 'admin'] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

export interface DeclaredOperator {
  readonly name: string;
  readonly role: OperatorRole;
}

/** A publisher's pinned public half. */
export interface PublisherKey {
  readonly keyid: string;
  /** SubjectPublicKeyInfo, PEM. */
  readonly pem: string;
  /** Nothing this key signed counts any more; `compromisedAt` is since when it was in wrong hands, if known. */
  readonly revoked: { readonly at: Timestamp; readonly compromisedAt: Timestamp | null } | null;
}

/** A manifest and when it counts. Two that overlap make a change window. */
export interface ManifestInForce {
  /** Digest of the manifest envelope's payload. */
  readonly digest: Digest;
  readonly from: Timestamp;
  readonly until: Timestamp | null;
}

const hostName = z.string().check(z.regex(HOST_NAME));
const keyid = z.string().check(z.regex(/^[0-9a-f]{64}$/));

export const MAX_HOSTS = 10_000;

export const releaseSchema: z.ZodMiniType<Release> = z.strictObject({
  schema: z.literal('sealwatch/release/v1'),
  clusterId: z.string().check(z.regex(CLUSTER_ID)),
  inception: digestSchema,
  version: z.int().check(z.positive()),
  issuedAt: timestampSchema,
  policy: policySchema,
  hosts: z.array(z.strictObject({ name: hostName, role: z.enum(ROLES) })).check(z.maxLength(MAX_HOSTS)),
  removedHosts: z.array(z.strictObject({ name: hostName, removedAt: timestampSchema })).check(z.maxLength(MAX_HOSTS)),
  operators: z.array(z.strictObject({ name: hostName, role: z.enum(OPERATOR_ROLES) })).check(z.maxLength(1000)),
  publisherKeys: z
    .array(
      z.strictObject({
        keyid,
        pem: z.string().check(z.maxLength(2000)),
        revoked: z.nullable(z.strictObject({ at: timestampSchema, compromisedAt: z.nullable(timestampSchema) })),
      }),
    )
    .check(z.maxLength(50)),
  manifests: z
    .array(z.strictObject({ digest: digestSchema, from: timestampSchema, until: z.nullable(timestampSchema) }))
    .check(z.maxLength(50)),
  cmvp: cmvpSnapshotSchema,
});

import * as z from 'zod/mini';
import type { Digest } from '../hashing/digest.js';
import type { PlatformObservation } from '../platform/platform-observation.js';
import { platformObservationSchema } from '../platform/platform-observation-schema.js';
import type { Timestamp } from '../runtime/timestamp.js';
import { HOST_ASPECTS, type HostSubject } from '../subject/subject.js';
import { digestSchema, timestampSchema } from './field-schemas.js';
import { absentSchema, unreadableSchema, type Unseen } from './unseen.js';

export interface HostMeasurement {
  readonly subject: HostSubject;
  readonly observed: PlatformFacts | AuthorityObservation | Unseen;
}

/** Everything the host says about its operating system and its FIPS mode. */
export interface PlatformFacts {
  readonly state: 'platform';
  readonly platform: PlatformObservation;
}

/** A Kubernetes or etcd certificate authority on the host: its age tells whether a cluster ran here before. */
export interface AuthorityObservation {
  readonly state: 'authority';
  /** Of the certificate's DER. */
  readonly digest: Digest;
  readonly notBefore: Timestamp;
  /** Digest of the standard-mode inception under which this agent once saw the same authority, else null. */
  readonly seenUnderStandard: Digest | null;
}

export const hostMeasurementSchema: z.ZodMiniType<HostMeasurement> = z.strictObject({
  subject: z.strictObject({ kind: z.literal('host'), aspect: z.enum(HOST_ASPECTS) }),
  observed: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('platform'), platform: platformObservationSchema }),
    z.strictObject({
      state: z.literal('authority'),
      digest: digestSchema,
      notBefore: timestampSchema,
      seenUnderStandard: z.nullable(digestSchema),
    }),
    absentSchema,
    unreadableSchema,
  ]),
});

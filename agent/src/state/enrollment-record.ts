import { timestampSchema } from '@sealwatch/shared/measurement/field-schemas.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFileIfThere } from '@sealwatch/shared/runtime/private-files.js';
import type { Timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import { HOST_NAME } from '@sealwatch/shared/subject/component.js';
import { CLUSTER_ID } from '@sealwatch/shared/trust/identity.js';
import * as z from 'zod/mini';
import { headSchema } from './head-schema.js';
import type { StatePaths } from './state-paths.js';

/** Who this host is, as the collector decided when it enrolled. */
export interface EnrollmentRecord {
  readonly schema: 'sealwatch/agent-enrollment/v1';
  readonly clusterId: string;
  readonly host: string;
  /** The enrolment's count. */
  readonly epoch: number;
  /** `host:port` of the mutual-TLS listener. */
  readonly address: string;
  /** `host:port` of the enrolment listener, where certificates are renewed. */
  readonly enrollAddress: string;
  /** The old chain's head if this enrolment replaced another: the first report continues it. */
  readonly previousHead: Head | null;
  readonly enrolledAt: Timestamp;
}

const address = z.string().check(z.minLength(3), z.maxLength(262));

const schema: z.ZodMiniType<EnrollmentRecord> = z.strictObject({
  schema: z.literal('sealwatch/agent-enrollment/v1'),
  clusterId: z.string().check(z.regex(CLUSTER_ID)),
  host: z.string().check(z.regex(HOST_NAME)),
  epoch: z.int().check(z.positive()),
  address,
  enrollAddress: address,
  previousHead: z.nullable(headSchema),
  enrolledAt: timestampSchema,
});

/** Undefined if this host is not enrolled. @throws CodedError('store.corrupt' | 'file.unreadable' | 'file.too-permissive') */
export async function findEnrollment(paths: StatePaths): Promise<EnrollmentRecord | undefined> {
  const bytes = await readPrivateFileIfThere(paths.enrollment);
  if (bytes === undefined) return undefined;
  return parsePayload(bytes, { schema, what: paths.enrollment, maxBytes: 16_384, code: 'store.corrupt' });
}

/** @throws CodedError('host.not-enrolled'), and as `findEnrollment` does */
export async function requireEnrollment(paths: StatePaths): Promise<EnrollmentRecord> {
  const enrollment = await findEnrollment(paths);
  if (enrollment !== undefined) return enrollment;
  throw new CodedError(
    'host.not-enrolled',
    `${paths.stateDir} holds no enrolment; enrol this host with: sealwatch-agent enroll --bundle FILE`,
  );
}

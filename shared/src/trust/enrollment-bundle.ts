import * as z from 'zod/mini';
import { CodedError } from '../runtime/coded-error.js';
import { parseBoundedJson } from '../runtime/bounded-json.js';

/** Everything a host needs to enrol, in one file that a configuration tool can carry there; the token in it is a secret. */
export interface EnrollmentBundle {
  readonly schema: 'sealwatch/enrollment-bundle/v1';
  /** PEM of the root certificate. */
  readonly root: string;
  /** `host:port` of the mutual-TLS listener. */
  readonly address: string;
  /** `host:port` of the enrolment listener. */
  readonly enrollAddress: string;
  readonly token: string;
}

const address = z.string().check(z.minLength(3), z.maxLength(262));

const schema: z.ZodMiniType<EnrollmentBundle> = z.strictObject({
  schema: z.literal('sealwatch/enrollment-bundle/v1'),
  root: z.string().check(z.maxLength(10_000)),
  address,
  enrollAddress: address,
  token: z.string().check(z.maxLength(1024)),
});

/** @throws CodedError('config.invalid') naming the fields that are wrong */
export function parseBundle(bytes: Uint8Array, what: string): EnrollmentBundle {
  const parsed = schema.safeParse(parseBoundedJson(bytes, { what, maxBytes: 65_536, code: 'config.invalid' }));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => issue.path.join('.') || 'the document').join(', ');
  throw new CodedError('config.invalid', `${what} is no enrolment bundle: look at ${places}`);
}

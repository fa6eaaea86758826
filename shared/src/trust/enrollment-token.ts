import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { CodedError } from '../runtime/coded-error.js';
import { HOST_NAME } from '../subject/component.js';
import { CLUSTER_ID } from './identity.js';

/**
 * A one-use secret bound to one host of one cluster. It carries the root's fingerprint, so an agent that holds a
 * token trusts nothing on first use. The collector keeps only `tokenHash`.
 */
export interface EnrollmentToken {
  readonly clusterId: string;
  readonly host: string;
  /** SHA-256 of the root certificate's SubjectPublicKeyInfo: the cluster key's keyid. */
  readonly rootKeyid: string;
  /** 32 random bytes, hex. */
  readonly secret: string;
}

export const MAX_TOKEN_TTL_MS: number = 3_600_000;

const PREFIX = 'swt1.';

const schema = z.strictObject({
  clusterId: z.string().check(z.regex(CLUSTER_ID)),
  host: z.string().check(z.regex(HOST_NAME)),
  rootKeyid: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  secret: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});

export function newToken(binding: Omit<EnrollmentToken, 'secret'>): EnrollmentToken {
  return { ...binding, secret: randomBytes(32).toString('hex') };
}

export function formatToken({ clusterId, host, rootKeyid, secret }: EnrollmentToken): string {
  return PREFIX + Buffer.from(JSON.stringify({ clusterId, host, rootKeyid, secret })).toString('base64url');
}

/** @throws CodedError('token.invalid') */
export function parseToken(text: string): EnrollmentToken {
  const refusal = new CodedError(
    'token.invalid',
    'this is no Sealwatch enrolment token; make one with: sealwatch tokens create --host NAME',
  );
  if (!text.startsWith(PREFIX) || text.length > 1024) throw refusal;
  try {
    return schema.parse(JSON.parse(Buffer.from(text.slice(PREFIX.length), 'base64url').toString('utf8')));
  } catch {
    throw refusal;
  }
}

/** What the collector stores and compares: SHA-256 of the whole token text, hex. */
export function tokenHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

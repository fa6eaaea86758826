import * as z from 'zod/mini';
import { digestSchema, reasonSchema, timestampSchema } from '../measurement/field-schemas.js';
import { MAX_CERTIFICATES, MAX_NAME, MAX_TEXT, MAX_UNANSWERED } from './bounded-observation.js';
import { PREFERENCES } from './preference.js';
import { PROTOCOL_VERSIONS } from './protocol-version.js';
import type { ServedCertificate, ServedTls, TlsObservation } from './tls-observation.js';

/** Names of suites, groups, schemes: what a server can be made to say is bounded, as everything in a report. */
const name = z.string().check(z.maxLength(MAX_NAME));
const names = z.array(name).check(z.maxLength(500));
const text = z.string().check(z.maxLength(MAX_TEXT));
const perVersion = z.strictObject({ tls12: names, tls13: names });

const certificate: z.ZodMiniType<ServedCertificate> = z.strictObject({
  fingerprint: digestSchema,
  keyDigest: digestSchema,
  subject: text,
  issuer: text,
  subjectAltName: z.nullable(text),
  notBefore: z.nullable(timestampSchema),
  notAfter: z.nullable(timestampSchema),
  keyType: name,
  keyBits: z.nullable(z.int().check(z.nonnegative())),
  curve: z.nullable(name),
  signatureAlgorithm: name,
  serverAuth: z.boolean(),
  matchesName: z.nullable(z.boolean()),
  trust: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('trusted') }),
    z.strictObject({ state: z.literal('untrusted'), reason: reasonSchema }),
    z.strictObject({ state: z.literal('not-checked') }),
  ]),
});

const served: z.ZodMiniType<ServedTls> = z.strictObject({
  state: z.literal('served'),
  versions: z
    .array(z.strictObject({ version: z.enum(PROTOCOL_VERSIONS), suites: names, preference: z.enum(PREFERENCES) }))
    .check(z.minLength(1), z.maxLength(PROTOCOL_VERSIONS.length)),
  preferred: z.strictObject({
    version: z.enum(PROTOCOL_VERSIONS),
    suite: name,
    preference: z.enum(PREFERENCES),
    method: text,
  }),
  groups: perVersion,
  dhPrimeBits: z.nullable(z.int().check(z.nonnegative())),
  signatureSchemes: perVersion,
  extendedMasterSecret: z.nullable(z.boolean()),
  secureRenegotiation: z.nullable(z.boolean()),
  compression: z.nullable(z.boolean()),
  clientCertificate: z.enum(['requested', 'not-requested', 'not-visible']),
  alpn: z.nullable(name),
  certificates: z.array(certificate).check(z.maxLength(MAX_CERTIFICATES)),
  unanswered: z.array(reasonSchema).check(z.maxLength(MAX_UNANSWERED)),
});

export const tlsObservationSchema: z.ZodMiniType<TlsObservation> = z.union([
  served,
  z.strictObject({
    state: z.enum(['unreachable', 'timeout', 'not-tls', 'refused', 'stopped']),
    reason: reasonSchema,
  }),
]);

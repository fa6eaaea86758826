import * as z from 'zod/mini';
import type { Digest } from '../hashing/digest.js';
import { PROTOCOL_VERSIONS, type ProtocolVersion } from '../probe/protocol-version.js';
import type { TlsObservation } from '../probe/tls-observation.js';
import { tlsObservationSchema } from '../probe/tls-observation-schema.js';
import type { ServiceSubject } from '../subject/subject.js';
import { componentNameSchema, digestSchema, reasonSchema } from './field-schemas.js';
import { absentSchema, type Unreadable, unreadableSchema, type Unseen } from './unseen.js';

/** A TLS service: what it accepts on the wire, whose it is, and what it was told to accept. */
export interface ServiceMeasurement {
  readonly subject: ServiceSubject;
  readonly observed: {
    readonly state: 'probed';
    readonly tls: TlsObservation;
    readonly authority: AuthorityUse;
    readonly listener: ListenerObservation;
    /** The running process's flags, and the files it or its pod is started from; none if nobody is found there. */
    readonly configured: readonly TlsConfiguration[];
  };
}

/** The certificate authority the policy names for the service, as a file on the host. */
export type AuthorityUse =
  { readonly state: 'not-named' } | { readonly state: 'used'; readonly digest: Digest } | Unseen;

/** Whose the socket is that answers at the address. */
export type ListenerObservation =
  | {
      readonly state: 'found';
      readonly programs: readonly ListeningProgram[];
      /** Why others may hold the socket, too: processes whose open files could not be read. Null: these are all. */
      readonly unseen: string | null;
    }
  /** Nobody listens there. */
  | { readonly state: 'none' }
  /** The address is another machine's. */
  | { readonly state: 'elsewhere' }
  | Unreadable;

export interface ListeningProgram {
  /** Path text, as `/proc/PID/exe` leads to it. */
  readonly executable: string;
  /** Of the bytes that were loaded, whatever stands at the path now. */
  readonly digest: Digest | Unreadable;
  /** No file at that path is the one that runs. */
  readonly deleted: boolean;
}

export interface TlsConfiguration {
  /** `process`, or the path text of the file. */
  readonly source: string;
  readonly settings: TlsSettings | Unreadable;
}

/** Null: not set, so the program's own default holds. */
export interface TlsSettings {
  readonly state: 'read';
  /** IANA names where the program's own name is known, else as they are written. */
  readonly suites: readonly string[] | null;
  readonly minVersion: ProtocolVersion | null;
  readonly maxVersion: ProtocolVersion | null;
}

/** As a file's path on the host is no path the publisher chose, only its length is held. */
const program: z.ZodMiniType<ListeningProgram> = z.strictObject({
  executable: z.string().check(z.minLength(1), z.maxLength(4200)),
  digest: z.union([digestSchema, unreadableSchema]),
  deleted: z.boolean(),
});

const configuration: z.ZodMiniType<TlsConfiguration> = z.strictObject({
  source: z.string().check(z.minLength(1), z.maxLength(4200)),
  settings: z.union([
    z.strictObject({
      state: z.literal('read'),
      suites: z.nullable(z.array(z.string().check(z.maxLength(100))).check(z.maxLength(500))),
      minVersion: z.nullable(z.enum(PROTOCOL_VERSIONS)),
      maxVersion: z.nullable(z.enum(PROTOCOL_VERSIONS)),
    }),
    unreadableSchema,
  ]),
});

export const serviceMeasurementSchema: z.ZodMiniType<ServiceMeasurement> = z.strictObject({
  subject: z.strictObject({
    kind: z.literal('service'),
    name: componentNameSchema,
    address: z.string().check(z.minLength(3), z.maxLength(262)),
  }),
  observed: z.strictObject({
    state: z.literal('probed'),
    tls: tlsObservationSchema,
    authority: z.union([
      z.strictObject({ state: z.literal('not-named') }),
      z.strictObject({ state: z.literal('used'), digest: digestSchema }),
      absentSchema,
      unreadableSchema,
    ]),
    listener: z.union([
      z.strictObject({
        state: z.literal('found'),
        programs: z.array(program).check(z.minLength(1), z.maxLength(16)),
        unseen: z.nullable(reasonSchema),
      }),
      z.strictObject({ state: z.literal('none') }),
      z.strictObject({ state: z.literal('elsewhere') }),
      unreadableSchema,
    ]),
    configured: z.array(configuration).check(z.maxLength(16)),
  }),
});

import * as z from 'zod/mini';
import { type Severity, SEVERITIES } from '../appraisal/catalogue-entry.js';
import { isFindingCode, type FindingCode } from '../appraisal/finding-catalogue.js';
import { componentNameSchema, pathTextSchema } from '../measurement/field-schemas.js';
import {
  COMPONENT_KINDS,
  EVIDENCE_KINDS,
  ROLES,
  type ComponentKind,
  type EvidenceKind,
  type Role,
} from '../subject/component.js';

/** The operator's rules. Durations are milliseconds here; `cluster.yaml` writes them `30s`. */
export interface Policy {
  /** Only for trying things out: host FIPS mode becomes a warning and every output says so first. */
  readonly demonstration: boolean;
  readonly tlsProfile: string;
  /** Whether a crypto module without an active certificate fails the cluster; else it is a warning. */
  readonly requireActiveCertificate: boolean;
  /** Kinds of evidence that must be there; a required kind that is missing makes a host `unknown`. */
  readonly require: readonly EvidenceKind[];
  readonly heartbeatIntervalMs: number;
  readonly staleAfterMs: number;
  readonly scanIntervalMs: number;
  readonly evidenceMaxAgeMs: number;
  /** What each role must have, and as what. */
  readonly components: Readonly<Partial<Record<Role, Readonly<Record<string, ComponentKind>>>>>;
  readonly services: readonly ServicePolicy[];
  /** Ids of the vendor keys whose packages' libraries are trusted in processes: 16 lower-case hex digits. */
  readonly libraryKeys: readonly string[];
  /** Overrides of the catalogue's severities, where the catalogue allows it. */
  readonly severities: Readonly<Partial<Record<FindingCode, Severity>>>;
}

export interface ServicePolicy {
  readonly name: string;
  /** `host:port`, seen from the host itself. */
  readonly address: string;
  readonly roles: readonly Role[];
  /** Whose program has to answer there: mostly the service's own name. */
  readonly component: string;
  /** Path text of a file on the host: the authorities (PEM) its certificate must lead to; null: any. */
  readonly ca: string | null;
  /** The name its certificate must be for, and to ask for; null: any. */
  readonly serverName: string | null;
  /** Whether the collector looks at it too, from outside: the same port at the host's own name. */
  readonly outside: boolean;
}

const interval = z.int().check(z.gte(100), z.lte(7 * 86_400_000));

export const policySchema: z.ZodMiniType<Policy> = z.strictObject({
  demonstration: z.boolean(),
  tlsProfile: z.string().check(z.minLength(1), z.maxLength(64)),
  requireActiveCertificate: z.boolean(),
  // required of nothing, a host of which nothing was looked at would be compliant
  require: z.array(z.enum(EVIDENCE_KINDS)).check(z.minLength(1), z.maxLength(EVIDENCE_KINDS.length)),
  heartbeatIntervalMs: interval,
  staleAfterMs: interval,
  scanIntervalMs: interval,
  evidenceMaxAgeMs: interval,
  components: z.partialRecord(z.enum(ROLES), z.record(componentNameSchema, z.enum(COMPONENT_KINDS))),
  services: z
    .array(
      z.strictObject({
        name: componentNameSchema,
        address: z.string().check(z.minLength(3), z.maxLength(262)),
        roles: z.array(z.enum(ROLES)),
        component: componentNameSchema,
        ca: z.nullable(pathTextSchema),
        serverName: z.nullable(z.string().check(z.minLength(1), z.maxLength(253))),
        outside: z.boolean(),
      }),
    )
    .check(z.maxLength(100)),
  libraryKeys: z.array(z.string().check(z.regex(/^[0-9a-f]{16}$/))).check(z.maxLength(50)),
  severities: z.partialRecord(
    z.custom<FindingCode>((code) => typeof code === 'string' && isFindingCode(code)) as unknown as z.ZodMiniEnum<
      Record<FindingCode, FindingCode>
    >,
    z.enum(SEVERITIES),
  ),
});

import * as z from 'zod/mini';
import { isFindingCode, type FindingCode, type Severity, SEVERITIES } from '../appraisal/finding-catalogue.js';
import { componentNameSchema } from '../measurement/measurement-schema.js';
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
  /** Kinds of evidence that must be there; a required kind that is missing makes a host `unknown`. */
  readonly require: readonly EvidenceKind[];
  readonly heartbeatIntervalMs: number;
  readonly staleAfterMs: number;
  readonly scanIntervalMs: number;
  readonly evidenceMaxAgeMs: number;
  /** What each role must have, and as what. */
  readonly components: Readonly<Partial<Record<Role, Readonly<Record<string, ComponentKind>>>>>;
  readonly services: readonly ServicePolicy[];
  /** Overrides of the catalogue's severities, where the catalogue allows it. */
  readonly severities: Readonly<Partial<Record<FindingCode, Severity>>>;
}

export interface ServicePolicy {
  readonly name: string;
  /** `host:port`, seen from the host itself. */
  readonly address: string;
  readonly roles: readonly Role[];
}

const interval = z.int().check(z.gte(100), z.lte(7 * 86_400_000));

export const policySchema: z.ZodMiniType<Policy> = z.strictObject({
  demonstration: z.boolean(),
  tlsProfile: z.string().check(z.minLength(1), z.maxLength(64)),
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
      }),
    )
    .check(z.maxLength(100)),
  severities: z.partialRecord(
    z.custom<FindingCode>((code) => typeof code === 'string' && isFindingCode(code)) as unknown as z.ZodMiniEnum<
      Record<FindingCode, FindingCode>
    >,
    z.enum(SEVERITIES),
  ),
});

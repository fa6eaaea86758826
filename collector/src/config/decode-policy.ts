import {
  catalogued,
  FINDING_CODES,
  type FindingCode,
  isFindingCode,
} from '@sealwatch/shared/appraisal/finding-catalogue.js';
import { SEVERITIES, type Severity } from '@sealwatch/shared/appraisal/catalogue-entry.js';
import { EVIDENCE_KINDS, type EvidenceKind, MEASURED_EVIDENCE } from '@sealwatch/shared/subject/component.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import { DEFAULT_POLICY, TLS_PROFILES } from './cluster-defaults.js';
import {
  checked,
  type Decoder,
  list,
  mapping,
  optional,
  record,
  REFUSED,
  refuse,
  suggestion,
} from '@sealwatch/shared/yaml/yaml-decoder.js';
import { duration, flag, oneOf, text } from '@sealwatch/shared/yaml/yaml-values.js';

/** The rules under `policy`; what there must be stands beside it, as `components` and `services`. */
export type PolicyRules = Omit<Policy, 'components' | 'services'>;

/** As it is written there: durations with units. */
interface PolicyYaml {
  readonly demonstration: boolean;
  readonly tlsProfile: string;
  readonly requireActiveCertificate: boolean;
  readonly require: readonly EvidenceKind[];
  readonly heartbeatInterval: number;
  readonly staleAfter: number;
  readonly scanInterval: number;
  readonly evidenceMaxAge: number;
  readonly libraryKeys: Policy['libraryKeys'];
  readonly severities: Policy['severities'];
}

const interval = duration({ min: 100, max: 7 * 86_400_000 });

/** Required evidence that nobody looks at would be a promise this version can't keep. */
const evidenceKind: Decoder<EvidenceKind> = (at) => {
  const kind = oneOf(EVIDENCE_KINDS)(at);
  if (kind === REFUSED || MEASURED_EVIDENCE.includes(kind)) return kind;
  return refuse(at, `this version does not measure ${kind} evidence; it measures ${inWords(MEASURED_EVIDENCE)}`);
};

function inWords(kinds: readonly EvidenceKind[]): string {
  return `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1) ?? ''}`;
}

const evidence: Decoder<readonly EvidenceKind[]> = (at) => {
  const kinds = list(evidenceKind, { max: EVIDENCE_KINDS.length, unique: (kind) => kind })(at);
  return kinds !== REFUSED && kinds.length === 0
    ? refuse(at, 'must name at least one kind of evidence, such as file')
    : kinds;
};

const severities: Decoder<Partial<Record<FindingCode, Severity>>> = record(fixedOrUnknown, oneOf(SEVERITIES));

/** As `rpm -qi` prints it after `Key ID`. */
const libraryKey: Decoder<string> = text({
  what: 'a key id, 16 hex digits in lower case',
  pattern: /^[0-9a-f]{16}$/,
  maxLength: 16,
});

const policyYaml: Decoder<PolicyYaml> = checked(
  mapping<PolicyYaml>({
    demonstration: optional(flag, DEFAULT_POLICY.demonstration),
    tlsProfile: optional(oneOf(TLS_PROFILES), DEFAULT_POLICY.tlsProfile),
    requireActiveCertificate: optional(flag, DEFAULT_POLICY.requireActiveCertificate),
    require: optional(evidence, DEFAULT_POLICY.require),
    heartbeatInterval: optional(interval, DEFAULT_POLICY.heartbeatIntervalMs),
    staleAfter: optional(interval, DEFAULT_POLICY.staleAfterMs),
    scanInterval: optional(interval, DEFAULT_POLICY.scanIntervalMs),
    evidenceMaxAge: optional(interval, DEFAULT_POLICY.evidenceMaxAgeMs),
    libraryKeys: optional(list(libraryKey, { max: 50, unique: (key) => key }), DEFAULT_POLICY.libraryKeys),
    severities: optional(severities, DEFAULT_POLICY.severities),
  }),
  ({ heartbeatInterval, staleAfter, scanInterval, evidenceMaxAge }) => [
    ...(staleAfter > heartbeatInterval
      ? []
      : [
          {
            key: 'staleAfter' as const,
            message: 'must be longer than heartbeatInterval, or every host is always stale',
          },
        ]),
    ...(evidenceMaxAge > scanInterval
      ? []
      : [
          {
            key: 'evidenceMaxAge' as const,
            message: 'must be longer than scanInterval, or every host is always stale',
          },
        ]),
  ],
);

export const policyRules: Decoder<PolicyRules> = (at) => {
  const yaml = policyYaml(at);
  if (yaml === REFUSED) return REFUSED;
  const { heartbeatInterval, staleAfter, scanInterval, evidenceMaxAge, ...rest } = yaml;
  return {
    ...rest,
    heartbeatIntervalMs: heartbeatInterval,
    staleAfterMs: staleAfter,
    scanIntervalMs: scanInterval,
    evidenceMaxAgeMs: evidenceMaxAge,
  };
};

function fixedOrUnknown(code: string): string | undefined {
  if (!isFindingCode(code)) return `is no finding${suggestion(code, FINDING_CODES)}`;
  const { fixed, severity } = catalogued(code);
  return fixed ? `is fixed as ${severity}: no policy changes it` : undefined;
}

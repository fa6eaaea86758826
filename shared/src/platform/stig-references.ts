import type { Generation } from './operating-system.js';
import type { PlatformDeviationCode } from './platform-deviation.js';

/** Under which names auditors know a deviation on one generation of RHEL. */
export interface StigReference {
  readonly generation: Generation;
  /** Rule of the SCAP Security Guide, after `xccdf_org.ssgproject.content_rule_`. */
  readonly rule: string;
  /** DISA STIG: id and rule id. */
  readonly stig: readonly [id: string, ruleId: string] | null;
  readonly cce: string | null;
}

const RHEL7_STIG = ['RHEL-07-021350', 'SV-204497r877398_rule'] as const;
/** Until it became a rule about the policy alone, RHEL-08-010020 was the one about FIPS mode: 8 has no other. */
const RHEL8_STIG = ['RHEL-08-010020', 'SV-230223r792855_rule'] as const;
const RHEL8_POLICY = ['RHEL-08-010020', 'SV-230223r1155356_rule'] as const;
const RHEL9_MODE = ['RHEL-09-671010', 'SV-258230r1184334_rule'] as const;
const RHEL9_POLICY = ['RHEL-09-215105', 'SV-258241r1184293_rule'] as const;

const MODE_7: StigReference = { generation: 7, rule: 'grub2_enable_fips_mode', stig: RHEL7_STIG, cce: 'CCE-80359-3' };
const MODE_8: StigReference = { generation: 8, rule: 'enable_fips_mode', stig: RHEL8_STIG, cce: 'CCE-80942-6' };
const MODE_9: StigReference = { generation: 9, rule: 'enable_fips_mode', stig: RHEL9_MODE, cce: 'CCE-88742-2' };
const KERNEL_8: StigReference = {
  generation: 8,
  rule: 'sysctl_crypto_fips_enabled',
  stig: RHEL8_STIG,
  cce: 'CCE-84027-2',
};
const KERNEL_9: StigReference = {
  generation: 9,
  rule: 'sysctl_crypto_fips_enabled',
  stig: RHEL9_MODE,
  cce: 'CCE-83441-6',
};
const POLICY_8: StigReference = {
  generation: 8,
  rule: 'configure_crypto_policy',
  stig: RHEL8_POLICY,
  cce: 'CCE-80935-0',
};
const POLICY_9: StigReference = {
  generation: 9,
  rule: 'configure_crypto_policy',
  stig: RHEL9_POLICY,
  cce: 'CCE-83450-7',
};
/** A back-end that is no link to what the package brings. */
const OVERRIDDEN: readonly StigReference[] = [
  {
    generation: 8,
    rule: 'configure_crypto_policy',
    stig: ['RHEL-08-010270', 'SV-279932r1156349_rule'],
    cce: 'CCE-80935-0',
  },
  {
    generation: 9,
    rule: 'crypto_policy_not_overridden',
    stig: ['RHEL-09-672020', 'SV-258236r1101920_rule'],
    cce: 'CCE-86483-5',
  },
];
const CERTIFIED: readonly StigReference[] = [
  { generation: 7, rule: 'installed_OS_is_FIPS_certified', stig: null, cce: 'CCE-80657-0' },
  { generation: 8, rule: 'installed_OS_is_FIPS_certified', stig: null, cce: 'CCE-80830-3' },
  { generation: 9, rule: 'installed_OS_is_FIPS_certified', stig: null, cce: null },
];
const SUPPORTED: readonly StigReference[] = [
  {
    generation: 7,
    rule: 'installed_OS_is_vendor_supported',
    stig: ['RHEL-07-020250', 'SV-204458r744100_rule'],
    cce: 'CCE-82371-6',
  },
  {
    generation: 8,
    rule: 'installed_OS_is_vendor_supported',
    stig: ['RHEL-08-010000', 'SV-230221r1017040_rule'],
    cce: 'CCE-80947-5',
  },
  {
    generation: 9,
    rule: 'installed_OS_is_vendor_supported',
    stig: ['RHEL-09-211010', 'SV-257777r1155676_rule'],
    cce: 'CCE-83453-1',
  },
];

/**
 * Rules and CCEs as in the data streams of SCAP Security Guide 0.1.65 (Debian's ssg-nondebian) and in its source: 7 in
 * January 2024, 8 and 9 in August 2026. STIGs as DISA published them: RHEL 7 V3R14, RHEL 8 V2R8, RHEL 9 V2R9 (July 2026);
 * as in 0.1.65 where V2R8 asks it no more. A code that is missing here has no rule of its own there.
 */
const REFERENCES: Readonly<Partial<Record<PlatformDeviationCode, readonly StigReference[]>>> = {
  'host.fips-disabled': [MODE_7, MODE_8, KERNEL_8, MODE_9, KERNEL_9],
  'host.fips-unreadable': [MODE_7, MODE_8, KERNEL_8, MODE_9, KERNEL_9],
  'host.fips-inconsistent': [MODE_7, MODE_8, KERNEL_8, MODE_9, KERNEL_9],
  'host.facts-covered': [MODE_7, MODE_8, MODE_9],
  'host.unsupported-os': SUPPORTED,
  'host.vendor-without-validation': CERTIFIED,
  'host.crypto-policy-pending': [POLICY_8, POLICY_9],
  'host.crypto-policy-weakened': [POLICY_8, POLICY_9],
  'host.crypto-policy-redefined': [POLICY_8, POLICY_9],
  'host.crypto-policy-edited': [POLICY_8, POLICY_9, ...OVERRIDDEN],
  'host.crypto-policy-unreadable': [POLICY_8, POLICY_9],
  'host.system-fips-missing': [MODE_7, { generation: 8, rule: 'etc_system_fips_exists', stig: null, cce: null }],
  'host.dracut-fips-missing': [
    { generation: 7, rule: 'package_dracut-fips_installed', stig: null, cce: 'CCE-80358-5' },
    { generation: 8, rule: 'enable_dracut_fips_module', stig: RHEL8_STIG, cce: 'CCE-82155-3' },
    { generation: 9, rule: 'enable_dracut_fips_module', stig: null, cce: 'CCE-86547-7' },
  ],
  'host.prelink': [{ generation: 7, rule: 'disable_prelink', stig: null, cce: 'CCE-27078-5' }],
};

/** @param generation null: those of every generation */
export function stigReferences(code: PlatformDeviationCode, generation: Generation | null): readonly StigReference[] {
  const all = REFERENCES[code] ?? [];
  return generation === null ? all : all.filter((reference) => reference.generation === generation);
}

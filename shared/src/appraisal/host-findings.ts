import type { CatalogueEntry } from './catalogue-entry.js';

/** What can be wrong with a host as a whole. */
const TABLE = {
  'host.fips-disabled': {
    severity: 'fail',
    fixed: true,
    meaning: 'The host does not run in FIPS mode',
    remedy: 'fips-mode-setup --enable (EL8, EL9) or dracut-fips and fips=1 (EL7), then reboot',
  },
  'host.fips-unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: 'Whether the host runs in FIPS mode could not be read',
    remedy: 'Run the agent as root with /proc mounted',
  },
  'host.silent': {
    severity: 'unknown',
    fixed: true,
    meaning: 'Nothing was heard from the host within the staleness limit',
    remedy: 'Look at sealwatch-agent on the host and at the network between',
  },
  'host.evidence-stale': {
    severity: 'unknown',
    fixed: true,
    meaning: 'The host is connected but its last signed evidence is too old',
    remedy: 'Look at the agent log: its scan does not finish, or its clock is wrong',
  },
  'host.no-answer': {
    severity: 'unknown',
    fixed: true,
    meaning: 'The host did not answer the fresh challenge in time',
    remedy: 'Raise --timeout if the host is slow; else look at sealwatch-agent on the host',
  },
  'host.not-enrolled': {
    severity: 'unknown',
    fixed: true,
    meaning: 'The host is declared but has no agent',
    remedy: 'sealwatch tokens create --host NAME, then sealwatch-agent enroll --bundle FILE on it',
  },
  'host.never-reported': {
    severity: 'unknown',
    fixed: true,
    meaning: 'The host is enrolled but has never reported',
    remedy: 'Start sealwatch-agent on the host',
  },
  'host.revoked': {
    severity: 'unknown',
    fixed: true,
    meaning: 'The host is declared but its agent was revoked',
    remedy: 'sealwatch tokens create --host NAME --replace, then enrol again',
  },
  'host.undeclared': {
    severity: 'warn',
    fixed: false,
    meaning: 'An enrolled host is not declared in cluster.yaml',
    remedy: 'Declare it in cluster.yaml and deploy, or sealwatch hosts revoke NAME',
  },
  'host.clock-skew': {
    severity: 'warn',
    fixed: false,
    meaning: 'The host clock differs from the collector clock by more than a minute',
    remedy: 'Mend time synchronisation on the host',
  },
  'host.release-unknown': {
    severity: 'unknown',
    fixed: true,
    meaning: 'The host reports under a release this collector does not know',
    remedy: 'Deploy the newest release to this collector; if its database was restored, audit what is missing',
  },
} as const;

export type HostFindingCode = keyof typeof TABLE;

export const HOST_FINDINGS: Readonly<Record<HostFindingCode, CatalogueEntry>> = TABLE;

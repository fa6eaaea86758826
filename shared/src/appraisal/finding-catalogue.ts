export const SEVERITIES = ['fail', 'warn', 'unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

interface CatalogueEntry {
  readonly severity: Severity;
  /** May neither be lowered by a policy nor waived. */
  readonly fixed: boolean;
  readonly meaning: string;
  readonly remedy: string;
}

/**
 * Every deviation Sealwatch can name. Once shipped a code is for ever. The remedy is printed under the failing
 * subject: it says what an operator does next.
 */
const CATALOGUE = {
  'file.digest-mismatch': {
    severity: 'fail',
    fixed: true,
    meaning: 'The file is not the one the publisher signed',
    remedy: 'Reinstall the component from its signed release, then find out who changed it',
  },
  'file.missing': {
    severity: 'fail',
    fixed: true,
    meaning: 'The component is at none of the paths its manifest names',
    remedy: 'Install the component, or take it out of this role in cluster.yaml',
  },
  'file.not-regular': {
    severity: 'fail',
    fixed: true,
    meaning: 'Something other than a regular file is at the path',
    remedy: 'Put the signed file back at this path',
  },
  'file.redirected': {
    severity: 'fail',
    fixed: false,
    meaning: 'A symbolic link leads to another place than the manifest names',
    remedy: 'Remove the link, or publish a manifest that names the real path',
  },
  'file.unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: 'The file could not be read',
    remedy: 'Run the agent as root; look for I/O errors in the kernel log',
  },
  'component.unlisted': {
    severity: 'fail',
    fixed: true,
    meaning: 'The role requires a component that no manifest in force lists',
    remedy: 'Publish a manifest with this component, or take it out of the role in cluster.yaml',
  },
  'evidence.missing': {
    severity: 'unknown',
    fixed: true,
    meaning: 'The policy requires evidence that the report does not contain',
    remedy: 'Wait for the next cycle; if it stays, upgrade the agent',
  },
  'host.fips-disabled': {
    severity: 'fail',
    fixed: true,
    meaning: 'The kernel does not run in FIPS mode',
    remedy: 'fips-mode-setup --enable (EL8) or dracut-fips and fips=1 (EL7), then reboot',
  },
  'host.fips-unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: 'The kernel FIPS state could not be read',
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
  'cluster.no-release': {
    severity: 'unknown',
    fixed: true,
    meaning: 'No release has been deployed, so nothing says what the hosts should be',
    remedy: 'sealwatch deploy',
  },
  'cluster.standard-mode': {
    severity: 'fail',
    fixed: true,
    meaning: 'The cluster was incepted in standard mode',
    remedy: 'A standard cluster is tainted for ever; build a new cluster with --mode fips',
  },
  'cluster.tainted': {
    severity: 'fail',
    fixed: true,
    meaning: 'A certificate authority of the cluster was not made under this FIPS inception',
    remedy: 'Rebuild the cluster in FIPS mode, or vouch for it at inception: sealwatch init --adopt --reason TEXT',
  },
  'cluster.taint-unknown': {
    severity: 'unknown',
    fixed: true,
    meaning: 'A certificate authority of the cluster could not be read, so its age is not known',
    remedy: 'Run the agent as root; put a readable PEM certificate at the path',
  },
  'manifest.expired': {
    severity: 'fail',
    fixed: true,
    meaning: 'A manifest in force has expired',
    remedy: 'Publish a newer manifest and deploy it',
  },
  'manifest.not-yet-valid': {
    severity: 'fail',
    fixed: true,
    meaning: 'A manifest in force is not valid yet',
    remedy: 'Mend the clock, or deploy a manifest that is valid now',
  },
  'appraisal.mismatch': {
    severity: 'fail',
    fixed: true,
    meaning: 'The host signed other findings than its own measurements give',
    remedy: 'Treat the host as compromised: its agent contradicts itself',
  },
} as const;

export type FindingCode = keyof typeof CATALOGUE;

const ENTRIES: Readonly<Record<FindingCode, CatalogueEntry>> = CATALOGUE;

export const FINDING_CODES: readonly FindingCode[] = Object.keys(CATALOGUE) as FindingCode[];

export function isFindingCode(text: string): text is FindingCode {
  return Object.hasOwn(CATALOGUE, text);
}

export function catalogued(code: FindingCode): CatalogueEntry {
  return ENTRIES[code];
}

import type { CatalogueEntry } from './catalogue-entry.js';

/** What can be wrong with the cluster's mode, its manifests, or what a host signs. */
const TABLE = {
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

export type ClusterFindingCode = keyof typeof TABLE;

export const CLUSTER_FINDINGS: Readonly<Record<ClusterFindingCode, CatalogueEntry>> = TABLE;

import type { CatalogueEntry } from './catalogue-entry.js';

/** What can be wrong with a TLS service beside what its profile says. */
const TABLE = {
  'service.listener-other': {
    severity: 'fail',
    fixed: true,
    meaning: 'Another program than the component answers at the address',
    remedy: 'Find out who started it, stop it, and start the signed component',
  },
  'service.listener-unlisted': {
    severity: 'unknown',
    fixed: true,
    meaning: 'No manifest in force lists the component, so nothing says whose program has to answer',
    remedy: "Publish a manifest with the component, or set the service's component in cluster.yaml",
  },
  'service.listener-unknown': {
    severity: 'unknown',
    fixed: true,
    meaning: 'Which program answers at the address could not be found out',
    remedy: "Run the agent as root on the host that serves the address, in init's process namespace",
  },
  'service.listener-unseen': {
    severity: 'warn',
    fixed: false,
    meaning: "Some processes could not be looked into, so another may share the service's socket",
    remedy: 'Run the agent as root with CAP_SYS_PTRACE',
  },
  'service.outside-differs': {
    severity: 'fail',
    fixed: true,
    meaning: 'The collector sees another service at the address than the host does',
    remedy: 'Look for a proxy or another listener between; if there is none, the host does not tell the truth',
  },
  'service.outside-unseen': {
    severity: 'unknown',
    fixed: false,
    meaning: 'The policy wants the service seen from outside, and the collector could not look',
    remedy: "Let the collector reach the port under the host's declared name, or set outside: false in cluster.yaml",
  },
  'service.outside-pending': {
    severity: 'warn',
    fixed: false,
    meaning: 'The service has changed since the collector looked at it from outside',
    remedy: 'None: the collector looks again within a minute or two',
  },
  'service.authority-unreadable': {
    severity: 'unknown',
    fixed: false,
    meaning: "The authority that the service's certificate has to lead to could not be read",
    remedy: "Put its certificate (PEM) at the path, or correct the service's ca in cluster.yaml",
  },
  'service.configuration-differs': {
    severity: 'warn',
    fixed: false,
    meaning: 'The service accepts what it is configured not to accept',
    remedy: 'Restart the service; if it stays, its program ignores the option',
  },
  'service.configuration-pending': {
    severity: 'warn',
    fixed: false,
    meaning: 'The service runs with other TLS options than its file says',
    remedy: 'Restart the service so that both agree',
  },
  'service.configuration-unreadable': {
    severity: 'warn',
    fixed: false,
    meaning: "A file with the service's TLS options could not be read",
    remedy: 'Mend the file; what the service accepts was judged all the same',
  },
} as const;

export type ServiceFindingCode = keyof typeof TABLE;

export const SERVICE_FINDINGS: Readonly<Record<ServiceFindingCode, CatalogueEntry>> = TABLE;

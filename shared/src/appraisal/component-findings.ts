import type { CatalogueEntry } from './catalogue-entry.js';

/** What can be wrong with a component of kind file, and with evidence that should be there. */
const TABLE = {
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
  'file.permissions': {
    severity: 'fail',
    fixed: false,
    meaning: 'The file is set-uid or set-gid, or somebody other than root may write to it',
    remedy: 'chmod 0755, then find out who changed it',
  },
  'file.owner': {
    severity: 'fail',
    fixed: false,
    meaning: 'The file belongs to somebody other than root, who may replace its content',
    remedy: 'chown root:root, then find out who changed it',
  },
  'file.capabilities': {
    severity: 'fail',
    fixed: false,
    meaning: 'The file has capabilities, which whoever runs it gets without being root',
    remedy: 'setcap -r FILE, then find out who set them',
  },
  'file.capabilities-unknown': {
    severity: 'warn',
    fixed: false,
    meaning: 'Whether component files have capabilities could not be asked',
    remedy: 'Install getcap (in the package libcap, on Debian libcap2-bin); run getcap -v FILE by hand',
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
} as const;

export type ComponentFindingCode = keyof typeof TABLE;

export const COMPONENT_FINDINGS: Readonly<Record<ComponentFindingCode, CatalogueEntry>> = TABLE;

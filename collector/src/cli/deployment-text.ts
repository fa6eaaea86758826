import { printable } from '@sealwatch/shared/runtime/printable.js';
import type { Deployment } from '../deployment/deploy.js';

const OUTCOMES: Readonly<Record<Deployment['outcome'], string>> = {
  deployed: 'is in force',
  unchanged: 'is in force and says the same; nothing was signed',
  'dry-run': 'would be signed and put in force',
};

/** What `deploy` did, for people. */
export function deploymentText({ version, outcome, changes, unlisted }: Deployment): string {
  const changed = changes.map(({ sign, what, name, details }) =>
    printable(`  ${sign} ${what} ${name}${details === '' ? '' : `: ${details}`}`),
  );
  const failing = unlisted.map(
    ({ role, component }) => `note: ${component} is in no manifest in force; every ${role} host fails for it`,
  );
  return [`Release ${String(version)} ${OUTCOMES[outcome]}`, ...changed, ...failing, ''].join('\n');
}

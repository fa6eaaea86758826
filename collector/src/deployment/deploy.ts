import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { OperatorConnection } from '../operator/operator-connection.js';
import type { ClusterConfig } from '../config/cluster-config.js';
import type { OperatorDirectory } from '../config/operator-directory.js';
import type { ReleaseChange } from './release-changes.js';
import type { UnlistedComponent } from './unlisted-components.js';
import type { ClusterTrust } from '../provisioning/cluster-trust.js';
import { prepareDeployment } from './prepare-deployment.js';
import { publishRelease, releaseInForce } from './publish-release.js';

export interface Deployment {
  readonly outcome: 'deployed' | 'unchanged' | 'dry-run';
  readonly version: number;
  readonly changes: readonly ReleaseChange[];
  /** Required components that no manifest in force lists. */
  readonly unlisted: readonly UnlistedComponent[];
}

/**
 * From what `cluster.yaml` says to a release in force.
 * @param input.now milliseconds since the Unix epoch
 * @throws CodedError('config.invalid') if hosts would fail for want of a manifest and that is not allowed; and as
 *   `prepareDeployment` and the collector do
 */
export async function deploy(
  connection: OperatorConnection,
  input: {
    directory: OperatorDirectory;
    config: ClusterConfig;
    trust: ClusterTrust;
    now: number;
    windowMs: number | undefined;
    dryRun: boolean;
    allowUnlisted: boolean;
  },
): Promise<Deployment> {
  const inForce = await releaseInForce(connection, input.trust);
  const prepared = await prepareDeployment({ ...input, inForce });
  const { release, unchanged, changes, unlisted } = prepared;
  if (unchanged) {
    return { outcome: 'unchanged', version: inForce?.release.version ?? 0, changes: [], unlisted };
  }
  const version = release.version;
  if (input.dryRun) return { outcome: 'dry-run', version, changes, unlisted };
  if (unlisted.length > 0 && !input.allowUnlisted) throw unlistedRefusal(unlisted);
  await publishRelease(connection, { ...input, prepared });
  return { outcome: 'deployed', version, changes, unlisted };
}

function unlistedRefusal(unlisted: readonly UnlistedComponent[]): CodedError {
  const lines = unlisted.map(({ role, component }) => `\n  - ${component}, required on ${role} hosts`);
  return new CodedError(
    'config.invalid',
    `no manifest in force lists these components, so every host that must have them would fail:${lines.join('')}\n` +
      'List a manifest with them under manifests in cluster.yaml, take them out of components, ' +
      'or deploy all the same with --allow-unlisted',
  );
}

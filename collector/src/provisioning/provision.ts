import { ensurePrivateDirectory } from '@sealwatch/shared/runtime/private-files.js';
import type { Inception } from '@sealwatch/shared/trust/inception.js';
import type { ClusterConfig } from '../config/cluster-config.js';
import type { OperatorDirectory } from '../config/operator-directory.js';
import { certifyCluster } from './certify-cluster.js';
import { ensureBundles } from './enrollment-bundles.js';
import { fileExists } from './file-exists.js';
import { furnishCollector } from './furnish-collector.js';
import { inceptCluster } from './incept-cluster.js';
import type { ProvisioningLog } from './provisioning.js';

export interface Provisioned extends ProvisioningLog {
  readonly inception: Inception;
}

/**
 * Everything a cluster's trust consists of. Only what is missing is made, each file wholly or not at all, so that a
 * run that was killed is finished by the next one; keys are never overwritten.
 * @param input.now milliseconds since the Unix epoch
 * @throws CodedError('cluster.mode-fixed' | 'inception.mismatch' | 'key.invalid' | 'certificate.*' | 'file.*' | 'store.*')
 */
export async function provision(input: {
  directory: OperatorDirectory;
  config: ClusterConfig;
  now: number;
}): Promise<Provisioned> {
  const { directory } = input;
  const { state, operators, bundles, releases, collector } = directory;
  for (const path of [state, operators, bundles, releases, collector.path, collector.keys, collector.trust]) {
    await ensurePrivateDirectory(path);
  }
  const log: ProvisioningLog = { made: [], renewed: [], notices: [] };
  const provisioning = { ...input, log };
  const { clusterKey, inception: verified, root } = await inceptCluster(provisioning);
  const { inception } = verified;
  const { clusterId } = inception;
  await certifyCluster(provisioning, { clusterId, key: clusterKey, certificate: root });
  await furnishCollector(provisioning);
  await ensureBundles(provisioning, { clusterId, root });
  if (log.made.length + log.renewed.length > 0 && (await fileExists(collector.ready))) {
    log.notices.push('the collector seems to be running: restart it, so that it takes over what is new');
  }
  if (input.config.hosts.length === 0) log.notices.push('cluster.yaml declares no hosts yet');
  return { ...log, inception };
}

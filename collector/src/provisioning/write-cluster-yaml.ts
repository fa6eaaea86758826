import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { writeDurably } from '@sealwatch/shared/runtime/durable-file.js';
import { mkdir } from 'node:fs/promises';
import { inceptionIfAny, requireSameMode } from './cluster-trust.js';
import { clusterTemplate, type NewCluster } from '../config/cluster-template.js';
import type { OperatorDirectory } from '../config/operator-directory.js';

/** @throws CodedError('config.exists') if there is one; CodedError('cluster.mode-fixed') if the cluster has another mode */
export async function writeClusterYaml(directory: OperatorDirectory, cluster: NewCluster): Promise<void> {
  const inception = await inceptionIfAny(directory);
  if (inception !== undefined) requireSameMode(inception.mode, cluster.mode);
  await mkdir(directory.root, { recursive: true });
  try {
    await writeDurably(directory.clusterYaml, clusterTemplate(cluster), { mode: 0o644, existing: 'create' });
  } catch (error) {
    if (!isCoded(error, 'config.exists')) throw error;
    throw new CodedError(
      'config.exists',
      `${directory.clusterYaml} exists and is left as it is: edit it, or name another place with --directory DIR`,
      { cause: error },
    );
  }
}

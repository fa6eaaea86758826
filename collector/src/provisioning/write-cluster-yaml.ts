import { CodedError, isCoded, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { writeDurably } from '@sealwatch/shared/runtime/durable-file.js';
import { mkdir } from 'node:fs/promises';
import { inceptionIfAny, requireSameMode } from './cluster-trust.js';
import { clusterTemplate, type NewCluster } from '../config/cluster-template.js';
import type { OperatorDirectory } from '../config/operator-directory.js';

/**
 * @throws CodedError('config.exists') if there is one; CodedError('cluster.mode-fixed') if the cluster has another mode;
 *   CodedError('usage.invalid') if the directory can't be made
 */
export async function writeClusterYaml(directory: OperatorDirectory, cluster: NewCluster): Promise<void> {
  await makeRoot(directory.root);
  const inception = await inceptionIfAny(directory);
  if (inception !== undefined) requireSameMode(inception.mode, cluster.mode, `say --mode ${inception.mode}`);
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

async function makeRoot(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new CodedError(
      'usage.invalid',
      `the directory ${path} can't be made: ${reasonOf(error)}; name another with --directory DIR`,
      { cause: error },
    );
  }
}

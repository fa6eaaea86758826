import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readInputIfThere } from '@sealwatch/shared/runtime/read-input.js';
import type { ClusterConfig } from './cluster-config.js';
import type { OperatorDirectory } from './operator-directory.js';
import { MAX_CLUSTER_YAML_BYTES, parseClusterYaml } from './parse-cluster-yaml.js';

/** @throws CodedError('config.missing' | 'config.invalid' | 'file.unreadable') */
export async function loadClusterConfig({ root, clusterYaml }: OperatorDirectory): Promise<ClusterConfig> {
  const bytes = await readInputIfThere(clusterYaml, MAX_CLUSTER_YAML_BYTES);
  if (bytes !== undefined) return parseClusterYaml(bytes, { what: clusterYaml, directory: root });
  throw new CodedError('config.missing', `${clusterYaml} does not exist; make it with: sealwatch init --mode fips`);
}

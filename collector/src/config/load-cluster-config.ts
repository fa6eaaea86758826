import { CodedError, errnoOf, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { open } from 'node:fs/promises';
import type { ClusterConfig } from './cluster-config.js';
import type { OperatorDirectory } from './operator-directory.js';
import { MAX_CLUSTER_YAML_BYTES, parseClusterYaml } from './parse-cluster-yaml.js';

/** @throws CodedError('config.missing' | 'config.invalid' | 'file.unreadable') */
export async function loadClusterConfig({ root, clusterYaml }: OperatorDirectory): Promise<ClusterConfig> {
  return parseClusterYaml(await readBounded(clusterYaml), { what: clusterYaml, directory: root });
}

async function readBounded(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      // one byte more than allowed is enough for the parser to refuse it
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_CLUSTER_YAML_BYTES + 1), 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      throw new CodedError('config.missing', `${path} does not exist; make it with: sealwatch init --mode fips`, {
        cause: error,
      });
    }
    throw new CodedError('file.unreadable', `${path} can't be read: ${reasonOf(error)}`, { cause: error });
  }
}

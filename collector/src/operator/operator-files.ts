import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CodedError, errnoOf, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { readInput } from '@sealwatch/shared/runtime/read-input.js';
import { HOST_NAME } from '@sealwatch/shared/subject/component.js';
import { parseIdentityUri } from '@sealwatch/shared/trust/identity.js';
import { certificatesFromPem } from '@sealwatch/shared/x509/pem.js';
import { readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import type { ClusterConfig } from '../config/cluster-config.js';
import { loadClusterConfig } from '../config/load-cluster-config.js';
import { operatorChain, type OperatorDirectory, operatorDirectory, operatorKey } from '../config/operator-directory.js';

/** What an operator holds of a cluster: its configuration, whom to trust, and who the operator is. */
export interface OperatorFiles {
  readonly directory: OperatorDirectory;
  readonly config: ClusterConfig;
  /** PEM of the root certificate. */
  readonly root: string;
  readonly clusterId: string;
  readonly operator: string;
  /** PEM; `chain` is the leaf first. */
  readonly key: Buffer;
  readonly chain: Buffer;
}

const MAX_PEM_BYTES = 64 * 1024;

/**
 * @param operator whose key to use; may be left out if the directory holds only one
 * @throws CodedError('config.missing' | 'config.invalid' | 'file.unreadable' | 'file.too-permissive' | 'usage.invalid' |
 *   'certificate.malformed')
 */
export async function readOperatorFiles(place: { directory: string; operator?: string }): Promise<OperatorFiles> {
  const directory = operatorDirectory(resolve(place.directory));
  if (!existsSync(directory.clusterYaml) || !existsSync(directory.state)) {
    throw new CodedError(
      'config.missing',
      `${directory.root} is no cluster directory (cluster.yaml and .sealwatch/ beside it); ` +
        'change to it, name it with --directory DIR, or make one with: sealwatch init, then sealwatch provision',
    );
  }
  const config = await loadClusterConfig(directory);
  const operator = place.operator ?? (await onlyOperator(directory.operators));
  if (!HOST_NAME.test(operator)) throw new CodedError('usage.invalid', `--operator ${operator} is no operator's name`);
  const chainFile = operatorChain(directory, operator);
  const chain = await readInput(chainFile, MAX_PEM_BYTES);
  return {
    directory,
    config,
    root: (await readInput(directory.rootCertificate, MAX_PEM_BYTES)).toString('utf8'),
    clusterId: clusterIdOf(chain, chainFile),
    operator,
    key: await readPrivateFile(operatorKey(directory, operator)),
    chain,
  };
}

async function onlyOperator(directory: string): Promise<string> {
  const entries = await listed(directory);
  const names = entries.filter((entry) => entry.endsWith('.key')).map((entry) => entry.slice(0, -'.key'.length));
  const [name] = names;
  if (name !== undefined && names.length === 1) return name;
  if (name === undefined) {
    throw new CodedError('config.missing', `${directory} holds no operator's key; make one with: sealwatch provision`);
  }
  throw new CodedError('usage.invalid', `choose who asks with --operator NAME: ${names.sort().join(', ')}`);
}

async function listed(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw new CodedError(
      'file.unreadable',
      `${directory} can't be read: ${reasonOf(error)}; run as its owner, or from a cluster directory of your own`,
      { cause: error },
    );
  }
}

/** The operator's own certificate says which cluster it was made for; the collector's is held against it. */
function clusterIdOf(chain: Buffer, what: string): string {
  const [leaf] = certificatesFromPem(chain.toString('latin1'), what);
  const uris = leaf === undefined ? [] : readCertificate(leaf, what).uris;
  const identity = parseIdentityUri(uris[0] ?? '');
  if (uris.length === 1 && identity?.kind === 'operator') return identity.clusterId;
  throw new CodedError('certificate.malformed', `${what} does not begin with an operator's certificate`);
}

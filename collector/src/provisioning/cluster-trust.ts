import { envelopeFromJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { type PublicKey, publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import type { Inception, Mode } from '@sealwatch/shared/trust/inception.js';
import { openInception, type VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import type { KeyObject } from 'node:crypto';
import type { ClusterConfig } from '../config/cluster-config.js';
import type { OperatorDirectory } from '../config/operator-directory.js';
import { readKey } from './ensure-key.js';
import { fileExists } from './file-exists.js';

/** What the operator signs with, and the birth record that everything refers to. */
export interface ClusterTrust {
  readonly clusterKey: KeyObject;
  readonly inception: VerifiedInception;
}

/** @throws CodedError('config.missing' | 'cluster.mode-fixed' | 'inception.mismatch' | 'envelope.*' | 'file.*') */
export async function loadClusterTrust(directory: OperatorDirectory, config: ClusterConfig): Promise<ClusterTrust> {
  if (!(await fileExists(directory.clusterKey)) || !(await fileExists(directory.inception))) {
    throw new CodedError('config.missing', `${directory.state} is not complete; run: sealwatch provision`);
  }
  const clusterKey = await readKey(directory.clusterKey);
  const inception = await readInception(directory.inception, publicKeyOf(clusterKey));
  requireSameInception(inception.inception, config);
  return { clusterKey, inception };
}

/** @throws CodedError('envelope.*' | 'statement.malformed' | 'inception.mismatch' | 'file.*') */
export async function readInception(file: string, clusterKey: PublicKey): Promise<VerifiedInception> {
  return openInception(envelopeFromJson(await readPrivateFile(file), file), clusterKey);
}

/** The record of a cluster that has been provisioned, if this one has. */
export async function inceptionIfAny(directory: OperatorDirectory): Promise<Inception | undefined> {
  if (!(await fileExists(directory.inception))) return undefined;
  const clusterKey = publicKeyOf(await readKey(directory.clusterKey));
  return (await readInception(directory.inception, clusterKey)).inception;
}

/** What inception fixed, no later edit changes. @throws CodedError('cluster.mode-fixed' | 'inception.mismatch') */
export function requireSameInception(
  inception: Inception,
  config: Pick<ClusterConfig, 'name' | 'mode' | 'adopt'>,
): void {
  requireSameMode(inception.mode, config.mode, `put mode: ${inception.mode} back in cluster.yaml`);
  if (inception.clusterName !== config.name) {
    throw new CodedError(
      'inception.mismatch',
      `cluster.yaml calls the cluster ${config.name}, but its inception record says ${inception.clusterName}; ` +
        'the name is fixed at inception: put it back',
    );
  }
  if (inception.adopted?.reason !== config.adopt?.reason) {
    const recorded = inception.adopted === null ? 'no adoption' : `adopted: ${inception.adopted.reason}`;
    throw new CodedError(
      'inception.mismatch',
      `adopt in cluster.yaml differs from the inception record (${recorded}); ` +
        'a cluster is adopted at inception or never: put it back',
    );
  }
}

/** @param remedy what brings the two together again. @throws CodedError('cluster.mode-fixed') */
export function requireSameMode(fixed: Mode, wanted: Mode, remedy: string): void {
  if (fixed === wanted) return;
  throw new CodedError(
    'cluster.mode-fixed',
    `this cluster's mode is ${fixed} and can't become ${wanted}: the mode is fixed at inception, and no flag, file or ` +
      'edit changes it. Bootstrapping in standard mode uses cryptography that is not FIPS-validated, which taints a ' +
      `cluster for ever. Either ${remedy}, or make a new cluster in another directory: ` +
      `sealwatch init --mode ${wanted} --directory DIR`,
  );
}

import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';
import type { CmvpSnapshot } from '@sealwatch/shared/cmvp/cmvp-snapshot.js';
import { readCmvpSnapshot, requireNewerSnapshot } from '@sealwatch/shared/cmvp/read-snapshot.js';
import { readInput } from '@sealwatch/shared/runtime/read-input.js';
import type { ClusterConfig } from '../config/cluster-config.js';

/** Some hundreds of certificates: it travels to every agent in every release. */
const MAX_BYTES = 1024 * 1024;

/**
 * The list of certificates that the next release carries.
 * @param inForce the one of the release before
 * @throws CodedError('config.invalid' | 'file.unreadable'), also if the one in force is newer
 */
export async function readCertificates(
  { cmvp: file }: Pick<ClusterConfig, 'cmvp'>,
  inForce: CmvpSnapshot | undefined,
): Promise<CmvpSnapshot> {
  const snapshot = file === null ? BUILT_IN_SNAPSHOT : readCmvpSnapshot(await readInput(file, MAX_BYTES), file);
  if (inForce !== undefined) {
    const what = file ?? 'the list of certificates that comes with this version (cluster.yaml names no other as cmvp)';
    requireNewerSnapshot(snapshot, inForce, what);
  }
  return snapshot;
}

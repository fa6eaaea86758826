import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import type { VerifiedRelease } from '@sealwatch/shared/trust/open-release.js';
import type { ReferenceValues } from './reference-values.js';

/** What an enrolled host holds. */
export interface EnrolledRelease {
  readonly host: string;
  readonly inception: VerifiedInception;
  readonly release: VerifiedRelease;
}

/** @throws CodedError('host.undeclared') if the release in force does not name this host */
export function enrolledReference({ host, inception, release }: EnrolledRelease): ReferenceValues {
  const role = release.release.hosts.find(({ name }) => name === host)?.role;
  if (role === undefined) {
    const version = String(release.release.version);
    throw new CodedError(
      'host.undeclared',
      `release ${version} does not declare ${host}; add it to cluster.yaml and deploy`,
    );
  }
  const { clusterId, clusterName, mode, adopted } = inception.inception;
  return {
    host,
    cluster: { id: clusterId, name: clusterName, mode, adopted },
    releaseDigest: release.digest,
    inception: inception.inception,
    release: release.release,
    manifests: release.manifests,
    role,
  };
}

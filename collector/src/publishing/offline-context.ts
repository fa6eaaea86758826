import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import type { VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { type Timestamp, timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';

/**
 * The context of a check that knows one manifest and no cluster: every component listed is required, nothing else is.
 * So a publisher's offline check is decided by the very rules that agent and collector apply.
 */
export function offlineContext(manifest: VerifiedManifest, at: Timestamp): AppraisalContext {
  const role = 'control-plane';
  const names = manifest.manifest.components.map(({ name }) => name);
  const policy: Policy = {
    demonstration: false,
    tlsProfile: 'none',
    require: ['file'],
    heartbeatIntervalMs: 0,
    staleAfterMs: 0,
    scanIntervalMs: 0,
    evidenceMaxAgeMs: 0,
    components: { [role]: Object.fromEntries(names.map((name) => [name, 'file'])) },
    services: [],
    severities: {},
  };
  const noCluster = '0'.repeat(32);
  const noInception = sha256(Buffer.alloc(0));
  const always = timestamp(0);
  return {
    inception: {
      schema: 'sealwatch/inception/v1',
      clusterId: noCluster,
      clusterName: 'none',
      mode: 'fips',
      createdAt: always,
      clusterKey: manifest.signedBy.keyid,
      adopted: null,
    },
    release: {
      schema: 'sealwatch/release/v1',
      clusterId: noCluster,
      inception: noInception,
      version: 1,
      issuedAt: always,
      policy,
      hosts: [],
      removedHosts: [],
      operators: [],
      publisherKeys: [],
      manifests: [{ digest: manifest.digest, from: always, until: null }],
    },
    manifests: [manifest],
    role,
    at,
  };
}

import type { VerifiedManifest } from '../manifest/open-manifest.js';
import { type Timestamp, timestamp } from '../runtime/timestamp.js';
import type { EvidenceKind, Role } from '../subject/component.js';
import type { Mode } from '../trust/inception.js';
import type { AppraisalContext } from './appraisal-context.js';

const ROLE: Role = 'control-plane';
const ALWAYS: Timestamp = timestamp(0);
const NO_ID: string = '0'.repeat(32);

/**
 * The context of a check that knows one manifest and no cluster: the manifest is in force, these components are
 * required, nothing else is. So an offline check is decided by the very rules that agent and collector apply. Nobody
 * said when a cluster began, so the age of its authorities says nothing: as after an adoption, it is not judged.
 */
export function offlineContext(
  manifest: VerifiedManifest,
  wanted: {
    components: readonly string[];
    require: readonly EvidenceKind[];
    mode: Mode;
    demonstration: boolean;
  },
): Omit<AppraisalContext, 'at'> {
  const { components, require, mode, demonstration } = wanted;
  return {
    role: ROLE,
    manifests: [manifest],
    inception: {
      schema: 'sealwatch/inception/v1',
      clusterId: NO_ID,
      clusterName: 'offline',
      mode,
      createdAt: ALWAYS,
      clusterKey: '0'.repeat(64),
      adopted: { reason: 'verified offline against a manifest alone' },
    },
    release: {
      schema: 'sealwatch/release/v1',
      clusterId: NO_ID,
      inception: `sha256:${'0'.repeat(64)}`,
      version: 1,
      issuedAt: ALWAYS,
      policy: {
        demonstration,
        tlsProfile: 'none',
        require,
        heartbeatIntervalMs: 30_000,
        staleAfterMs: 90_000,
        scanIntervalMs: 900_000,
        evidenceMaxAgeMs: 1_800_000,
        components: { [ROLE]: Object.fromEntries(components.map((name) => [name, 'file'])) },
        services: [],
        severities: {},
      },
      hosts: [],
      removedHosts: [],
      operators: [],
      publisherKeys: [],
      manifests: [{ digest: manifest.digest, from: ALWAYS, until: null }],
    },
  };
}

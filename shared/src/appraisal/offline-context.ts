import { filesByName, imagesByName } from '../manifest/components-of-kind.js';
import { BUILT_IN_SNAPSHOT } from '../cmvp/built-in-snapshot.js';
import type { VerifiedManifest } from '../manifest/open-manifest.js';
import { type Timestamp, timestamp } from '../runtime/timestamp.js';
import type { ComponentKind, EvidenceKind, Role } from '../subject/component.js';
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
  const [files, images] = [filesByName([manifest]), imagesByName([manifest])];
  const kindOf = (name: string): ComponentKind => (images.has(name) && !files.has(name) ? 'image' : 'file');
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
        requireActiveCertificate: false,
        require,
        heartbeatIntervalMs: 30_000,
        staleAfterMs: 90_000,
        scanIntervalMs: 900_000,
        evidenceMaxAgeMs: 1_800_000,
        components: { [ROLE]: Object.fromEntries(components.map((name) => [name, kindOf(name)])) },
        services: [],
        libraryKeys: [],
        // whoever runs this by hand may not be allowed to look into everybody's processes, and is told
        severities: { 'process.unseen': 'warn' },
      },
      hosts: [],
      removedHosts: [],
      operators: [],
      publisherKeys: [],
      manifests: [{ digest: manifest.digest, from: ALWAYS, until: null }],
      cmvp: BUILT_IN_SNAPSHOT,
    },
  };
}

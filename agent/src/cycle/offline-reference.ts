import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Mode } from '@sealwatch/shared/trust/inception.js';
import type { ReferenceValues } from './reference-values.js';

export interface OfflineReference {
  readonly host: string;
  readonly manifest: VerifiedManifest;
  /** Components that must be there; null: every one the manifest lists. */
  readonly components: readonly string[] | null;
  readonly mode: Mode;
  readonly allowNonFipsHost: boolean;
}

/**
 * The release and inception a manifest alone stands for: always in force, file and host evidence required. Nobody said
 * when this cluster began, so the age of its authorities says nothing: as after an adoption, it is shown, not judged.
 */
export function offlineReference(input: OfflineReference): ReferenceValues {
  const { host, manifest, components, mode, allowNonFipsHost } = input;
  const required = components ?? manifest.manifest.components.map(({ name }) => name);
  const noDigest: Digest = `sha256:${'0'.repeat(64)}`;
  const noId = '0'.repeat(32);
  const always = timestamp(0);
  return {
    host,
    cluster: { id: 'none', name: 'offline', mode, adopted: null },
    releaseDigest: null,
    role: 'control-plane',
    manifests: [manifest],
    inception: {
      schema: 'sealwatch/inception/v1',
      clusterId: noId,
      clusterName: 'offline',
      mode,
      createdAt: always,
      clusterKey: '0'.repeat(64),
      adopted: { reason: 'verified offline against a manifest alone' },
    },
    release: {
      schema: 'sealwatch/release/v1',
      clusterId: noId,
      inception: noDigest,
      version: 1,
      issuedAt: always,
      policy: {
        demonstration: allowNonFipsHost,
        tlsProfile: 'none',
        require: ['file', 'host'],
        heartbeatIntervalMs: 30_000,
        staleAfterMs: 90_000,
        scanIntervalMs: 900_000,
        evidenceMaxAgeMs: 1_800_000,
        components: { 'control-plane': Object.fromEntries(required.map((name) => [name, 'file'])) },
        services: [],
        severities: {},
      },
      hosts: [{ name: host, role: 'control-plane' }],
      removedHosts: [],
      operators: [],
      publisherKeys: [],
      manifests: [{ digest: manifest.digest, from: always, until: null }],
    },
  };
}

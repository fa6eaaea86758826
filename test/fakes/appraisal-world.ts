import { generateKeyPairSync } from 'node:crypto';
import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Manifest } from '@sealwatch/shared/manifest/manifest.js';
import type { FileComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import type { VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import type { FileMeasurement, FileObservation } from '@sealwatch/shared/measurement/file-measurement.js';
import type { HostMeasurement } from '@sealwatch/shared/measurement/host-measurement.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import type { HostAspect } from '@sealwatch/shared/subject/subject.js';
import type { Policy, ServicePolicy } from '@sealwatch/shared/trust/policy.js';
import { plainDigest } from './check-results.js';
import { platformMeasurement } from './platform-observations.js';

/** A cluster that was born on the first of November and is judged three weeks later. */
export const INCEPTION_AT = '2026-11-01T00:00:00.000Z';
export const NOW = '2026-11-23T09:30:00.000Z';

/** Appraisal never looks at the key again: the manifest comes verified. */
const publisher = publicKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);

export function component(name: string, changes: Partial<FileComponent> = {}): FileComponent {
  return {
    kind: 'file',
    name,
    paths: [`/usr/bin/${name}`],
    digest: plainDigest('a'),
    size: '1',
    signature: '',
    ...changes,
  };
}

/** A manifest as if its seal and signatures had held. `digest` is one character, 64 times. */
export function manifest(digest: string, changes: Partial<Manifest> = {}): VerifiedManifest {
  return {
    digest: plainDigest(digest),
    signedBy: publisher,
    manifest: {
      schema: 'sealwatch/manifest/v1',
      id: `manifest-${digest}`,
      notBefore: '2026-01-01T00:00:00.000Z',
      notAfter: '2027-01-01T00:00:00.000Z',
      operatingSystems: [],
      kubernetesVersion: null,
      components: [
        component('kubelet', { digest: plainDigest('a') }),
        component('containerd', {
          digest: plainDigest('b'),
          paths: ['/usr/bin/containerd', '/usr/local/bin/containerd'],
        }),
      ],
      ...changes,
    },
  };
}

export function policy(changes: Partial<Policy> = {}): Policy {
  return {
    demonstration: false,
    tlsProfile: 'konvoy-1.7',
    requireActiveCertificate: false,
    require: ['file', 'host'],
    heartbeatIntervalMs: 30_000,
    staleAfterMs: 90_000,
    scanIntervalMs: 900_000,
    evidenceMaxAgeMs: 1_800_000,
    components: { 'control-plane': { kubelet: 'file', containerd: 'file', etcd: 'image' }, worker: {} },
    services: [service()],
    libraryKeys: [],
    severities: {},
    ...changes,
  };
}

export function service(changes: Partial<ServicePolicy> = {}): ServicePolicy {
  return {
    name: 'kube-apiserver',
    address: 'localhost:6443',
    roles: ['control-plane'],
    component: 'kube-apiserver',
    ca: null,
    serverName: null,
    outside: false,
    ...changes,
  };
}

export interface WorldChanges {
  readonly manifests?: readonly VerifiedManifest[];
  readonly windows?: readonly { from: string; until: string | null }[];
  readonly policy?: Partial<Policy>;
  readonly inception?: Partial<AppraisalContext['inception']>;
  readonly role?: AppraisalContext['role'];
  readonly at?: string;
}

/** What the good measurements below are compliant with. */
export function world(changes: WorldChanges = {}): AppraisalContext {
  const manifests = changes.manifests ?? [manifest('1')];
  const always = { from: '2026-01-01T00:00:00.000Z', until: null };
  return {
    role: changes.role ?? 'control-plane',
    at: changes.at ?? NOW,
    manifests,
    inception: {
      schema: 'sealwatch/inception/v1',
      clusterId: '0'.repeat(32),
      clusterName: 'north',
      mode: 'fips',
      createdAt: INCEPTION_AT,
      clusterKey: '0'.repeat(64),
      adopted: null,
      ...changes.inception,
    },
    release: {
      schema: 'sealwatch/release/v1',
      clusterId: '0'.repeat(32),
      inception: plainDigest('0'),
      version: 1,
      issuedAt: INCEPTION_AT,
      policy: policy(changes.policy),
      hosts: [{ name: 'host-1', role: 'control-plane' }],
      removedHosts: [],
      operators: [],
      publisherKeys: [],
      manifests: manifests.map(({ digest }, i) => ({ digest, ...(changes.windows?.[i] ?? always) })),
      cmvp: BUILT_IN_SNAPSHOT,
    },
  };
}

export function file(name: string, observed: FileObservation, path = `/usr/bin/${name}`): FileMeasurement {
  return { subject: { kind: 'file', component: name, path }, observed };
}

export function present(digest: Digest, realPath: string): Extract<FileObservation, { state: 'present' }> {
  return { state: 'present', realPath, size: '1', digest, mode: '0755', uid: 0, gid: 0 };
}

export function host(aspect: HostAspect, observed: HostMeasurement['observed']): HostMeasurement {
  return { subject: { kind: 'host', aspect }, observed };
}

export const CA = {
  state: 'authority',
  digest: plainDigest('c'),
  notBefore: '2026-11-01T00:05:00.000Z',
  seenUnderStandard: null,
} as const;

/** A host as it should be: kubelet and containerd in their first places, FIPS mode on, a Kubernetes CA, no etcd. */
export function goodMeasurements(): Measurement[] {
  return [
    file('kubelet', present(plainDigest('a'), '/usr/bin/kubelet')),
    file('containerd', present(plainDigest('b'), '/usr/bin/containerd')),
    file('containerd', { state: 'absent' }, '/usr/local/bin/containerd'),
    platformMeasurement(),
    host('kubernetes-ca', CA),
    host('etcd-ca', { state: 'absent' }),
  ];
}

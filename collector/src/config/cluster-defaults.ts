import { TLS_PROFILE_NAMES } from '@sealwatch/shared/probe/profiles/tls-profiles.js';
import { BUILT_IN_COMPONENTS, type ComponentKind, type Role } from '@sealwatch/shared/subject/component.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import type { DeclaredOperator } from '@sealwatch/shared/trust/release.js';

/** The TLS profiles a policy may name: konvoy-1.7 is what the Konvoy 1.7 control plane served. */
export const TLS_PROFILES: readonly string[] = TLS_PROFILE_NAMES;

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const WORKER_COMPONENTS: readonly string[] = ['kubeadm', 'kubelet', 'containerd', 'runc', 'kube-proxy'];

export const DEFAULT_COMPONENTS: Readonly<Record<Role, Readonly<Record<string, ComponentKind>>>> = {
  'control-plane': BUILT_IN_COMPONENTS,
  worker: Object.fromEntries(
    Object.entries(BUILT_IN_COMPONENTS).filter(([component]) => WORKER_COMPONENTS.includes(component)),
  ),
};

/** What a setting that is not in `cluster.yaml` has; the template writes the same values. */
export const DEFAULT_POLICY: Policy = {
  demonstration: false,
  tlsProfile: 'konvoy-1.7',
  requireActiveCertificate: false,
  require: ['file', 'image', 'process', 'module', 'service', 'host'],
  heartbeatIntervalMs: 30 * SECOND,
  staleAfterMs: 90 * SECOND,
  scanIntervalMs: 15 * MINUTE,
  evidenceMaxAgeMs: 30 * MINUTE,
  components: DEFAULT_COMPONENTS,
  services: [
    {
      name: 'kube-apiserver',
      address: 'localhost:6443',
      roles: ['control-plane'],
      component: 'kube-apiserver',
      ca: '/etc/kubernetes/pki/ca.crt',
      serverName: 'kubernetes',
      outside: false,
    },
    {
      name: 'etcd',
      address: 'localhost:2379',
      roles: ['control-plane'],
      component: 'etcd',
      ca: '/etc/kubernetes/pki/etcd/ca.crt',
      serverName: 'localhost',
      outside: false,
    },
  ],
  libraryKeys: [],
  severities: {},
};

export const DEFAULT_OPERATORS: readonly DeclaredOperator[] = [{ name: 'admin', role: 'admin' }];

/** 7443: mutual TLS. 7444: enrolment. */
export const DEFAULT_PORT = 7443;
export const DEFAULT_ENROLL_PORT = 7444;

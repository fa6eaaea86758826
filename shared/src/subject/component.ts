/** How a component exists on a host. */
export const COMPONENT_KINDS = ['file', 'image'] as const;
export type ComponentKind = (typeof COMPONENT_KINDS)[number];

/** The seed's nine, with the kinds it printed. Any other component can stand in a manifest. */
export const BUILT_IN_COMPONENTS: Readonly<Record<string, ComponentKind>> = {
  kubeadm: 'file',
  kubelet: 'file',
  containerd: 'file',
  runc: 'file',
  'kube-apiserver': 'image',
  'kube-controller-manager': 'image',
  'kube-proxy': 'image',
  'kube-scheduler': 'image',
  etcd: 'image',
};

export const ROLES = ['control-plane', 'worker'] as const;
export type Role = (typeof ROLES)[number];

/** Kinds of evidence a policy can require. What this version measures is `MEASURED_EVIDENCE`. */
export const EVIDENCE_KINDS = ['file', 'image', 'process', 'module', 'service', 'host'] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** Requiring anything else is refused with exit 2: a policy must not ask for what nobody looks at. */
export const MEASURED_EVIDENCE: readonly EvidenceKind[] = ['file', 'image', 'process', 'module', 'service', 'host'];

/** Component names: lower-case DNS-like labels. */
export const COMPONENT_NAME: RegExp = /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/;

/** Host names as declared: a DNS name or an address, as in the seed's `Host: 172.17.0.7`. */
export const HOST_NAME: RegExp = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** One thing on one host that is measured and judged. */
export type Subject = FileSubject | ImageSubject | ProcessSubject | ModuleSubject | ServiceSubject | HostSubject;

/** A component found (or missed) at one of the paths its manifest names. `path` is a path text. */
export interface FileSubject {
  readonly kind: 'file';
  readonly component: string;
  readonly path: string;
}

/** A component's images on the host: those stored under its names, and those its containers run from. */
export interface ImageSubject {
  readonly kind: 'image';
  readonly component: string;
}

/** A component's processes on the host, however they were started. */
export interface ProcessSubject {
  readonly kind: 'process';
  readonly component: string;
}

/** The cryptographic modules in a component's programs, on disk and in memory. */
export interface ModuleSubject {
  readonly kind: 'module';
  readonly component: string;
}

/** A TLS service of the policy. Its name is its identity; the address says where it was looked for. */
export interface ServiceSubject {
  readonly kind: 'service';
  readonly name: string;
  /** `localhost:6443`, as the policy writes it. */
  readonly address: string;
}

/** The host itself, in one respect. */
export interface HostSubject {
  readonly kind: 'host';
  readonly aspect: HostAspect;
}

export const HOST_ASPECTS = ['platform', 'kubernetes-ca', 'etcd-ca'] as const;
export type HostAspect = (typeof HOST_ASPECTS)[number];

/** A subject's one name, in reports, findings and history: `file:kubelet:/usr/bin/kubelet`, `image:etcd`, `service:etcd`… */
export function subjectId(subject: Subject): string {
  switch (subject.kind) {
    case 'file':
      return `file:${subject.component}:${subject.path}`;
    case 'image':
      return `image:${subject.component}`;
    case 'process':
      return `process:${subject.component}`;
    case 'module':
      return `module:${subject.component}`;
    case 'service':
      return `service:${subject.name}`;
    case 'host':
      return `host:${subject.aspect}`;
  }
}

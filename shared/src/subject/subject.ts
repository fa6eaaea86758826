/** One thing on one host that is measured and judged. Later kinds: image, process, service. */
export type Subject = FileSubject | HostSubject;

/** A component found (or missed) at one of the paths its manifest names. `path` is a path text. */
export interface FileSubject {
  readonly kind: 'file';
  readonly component: string;
  readonly path: string;
}

/** The host itself, in one respect. */
export interface HostSubject {
  readonly kind: 'host';
  readonly aspect: HostAspect;
}

export const HOST_ASPECTS = ['fips', 'kubernetes-ca', 'etcd-ca'] as const;
export type HostAspect = (typeof HOST_ASPECTS)[number];

/** A subject's one name, in reports, findings and history: `file:kubelet:/usr/bin/kubelet`, `host:fips`. */
export function subjectId(subject: Subject): string {
  switch (subject.kind) {
    case 'file':
      return `file:${subject.component}:${subject.path}`;
    case 'host':
      return `host:${subject.aspect}`;
  }
}

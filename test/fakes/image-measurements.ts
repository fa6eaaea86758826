import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import type {
  ContainerSettings,
  ImageMeasurement,
  RunningContainer,
  SeenImages,
  StaticPod,
  StoredImage,
} from '@sealwatch/shared/measurement/image-measurement.js';
import { plainDigest } from './check-results.js';

export const ETCD_REFERENCE = 'registry.k8s.io/etcd:3.4.13-0';

/** An image with a program, a library and a shell. Digests are one character, 64 times. */
export function etcdImage(changes: Partial<ImageComponent> = {}): ImageComponent {
  const executable = (path: string, digest: string): ImageComponent['executables'][number] => {
    return { path, digest: plainDigest(digest), size: '1', signature: '' };
  };
  return {
    kind: 'image',
    name: 'etcd',
    references: [ETCD_REFERENCE],
    platform: 'linux/amd64',
    digest: plainDigest('c'),
    size: '1',
    signature: '',
    manifest: plainDigest('d'),
    layers: [{ digest: plainDigest('e'), size: '1', diffId: plainDigest('f'), uncompressedSize: '1' }],
    executables: [
      executable('/bin/sh', '3'),
      executable('/usr/lib/libc.so.6', '2'),
      executable('/usr/local/bin/etcd', '1'),
    ],
    commands: ['/usr/local/bin/etcd'],
    variables: [],
    ...changes,
  };
}

export function storedEtcd(changes: Partial<StoredImage> = {}): StoredImage {
  return {
    names: [ETCD_REFERENCE],
    target: plainDigest('d'),
    config: plainDigest('c'),
    faults: [],
    layersNotStored: 0,
    ...changes,
  };
}

export function settings(changes: Partial<ContainerSettings> = {}): ContainerSettings {
  return {
    state: 'read',
    arguments: ['etcd', '--data-dir=/var/lib/etcd'],
    variables: [],
    mounts: [{ destination: '/var/lib/etcd', source: '/var/lib/etcd', type: 'bind' }],
    ...changes,
  };
}

export function runningEtcd(changes: Partial<RunningContainer> = {}): RunningContainer {
  return {
    image: ETCD_REFERENCE,
    config: plainDigest('c'),
    snapshotter: 'overlayfs',
    unpacked: etcdImage().executables.map(({ path, digest }) => ({ path, digest, shadowing: false })),
    settings: settings(),
    commandPath: null,
    process: { executable: '/usr/local/bin/etcd', digest: plainDigest('1') },
    ...changes,
  };
}

export function etcdPod(changes: Partial<StaticPod> = {}): StaticPod {
  return {
    file: '/etc/kubernetes/manifests/etcd.yaml',
    digest: plainDigest('9'),
    image: ETCD_REFERENCE,
    settings: settings(),
    ...changes,
  };
}

/** A host whose etcd is as it should be. */
export function seenEtcd(changes: Partial<SeenImages> = {}): ImageMeasurement {
  return {
    subject: { kind: 'image', component: 'etcd' },
    observed: { state: 'seen', stored: [storedEtcd()], containers: [runningEtcd()], pods: [etcdPod()], ...changes },
  };
}

import { componentOf, isImageMeant, readImageName } from '@sealwatch/shared/containerd/cri-conventions.js';
import { type ImageReference, parseImageReference } from '@sealwatch/shared/containerd/image-reference.js';
import { type Digest } from '@sealwatch/shared/hashing/digest.js';
import { describe, expect, it } from 'vitest';

const GOOD: Digest = `sha256:${'a'.repeat(64)}`;
const OTHER: Digest = `sha256:${'b'.repeat(64)}`;
const NAME = 'registry.k8s.io/kube-apiserver';

function labels(changes: Record<string, string | undefined> = {}): ReadonlyMap<string, string> {
  const all: Record<string, string | undefined> = {
    'io.kubernetes.container.name': 'kube-apiserver',
    'io.kubernetes.pod.namespace': 'kube-system',
    'io.cri-containerd.kind': 'container',
    ...changes,
  };
  return new Map(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

describe('the component of a container', () => {
  it('is the name the kubelet gave it in kube-system', () => {
    expect(componentOf({ labels: labels() })).toBe('kube-apiserver');
  });

  it('is counted although the CRI plugin did not make it', () => {
    expect(componentOf({ labels: labels({ 'io.cri-containerd.kind': undefined }) })).toBe('kube-apiserver');
  });

  it.each([
    ['another namespace', { 'io.kubernetes.pod.namespace': 'default' }],
    ['no namespace', { 'io.kubernetes.pod.namespace': undefined }],
    ["a pod's sandbox", { 'io.cri-containerd.kind': 'sandbox' }],
    ['no name', { 'io.kubernetes.container.name': undefined }],
  ])('is none for %s', (_, changes) => {
    expect(componentOf({ labels: labels(changes) })).toBeUndefined();
  });
});

describe("a name in containerd's image list", () => {
  it('is a reference, the digest of a config, or neither', () => {
    expect(readImageName(`${NAME}:v1`)).toMatchObject({ kind: 'reference' });
    expect(readImageName(GOOD)).toEqual({ kind: 'config', digest: GOOD });
    expect(readImageName('import-2026-11-24')).toMatchObject({ kind: 'reference' });
    expect(readImageName('not a name')).toEqual({ kind: 'other' });
  });
});

describe('an image is meant', () => {
  const meant = (wanted: string, name: string, digest: Digest = GOOD): boolean =>
    isImageMeant(parseImageReference(wanted) as ImageReference, {
      name,
      target: { digest, mediaType: '', size: 0 },
    });

  it('by tag', () => {
    expect(meant(`${NAME}:v1`, `${NAME}:v1`)).toBe(true);
    expect(meant(`${NAME}:v1`, `${NAME}:v2`)).toBe(false);
    expect(meant(`${NAME}:v1`, `${NAME}@${GOOD}`)).toBe(false);
    expect(meant('busybox', 'docker.io/library/busybox:latest')).toBe(true);
  });

  it('by digest, under whatever tag', () => {
    expect(meant(`${NAME}@${GOOD}`, `${NAME}:v2`)).toBe(true);
    expect(meant(`${NAME}@${GOOD}`, `${NAME}@${GOOD}`)).toBe(true);
    expect(meant(`${NAME}@${GOOD}`, `${NAME}@${GOOD}`, OTHER)).toBe(false);
  });

  it('by the digest alone when both are given', () => {
    expect(meant(`${NAME}:v1@${GOOD}`, `${NAME}@${GOOD}`)).toBe(true);
    expect(meant(`${NAME}:v1@${GOOD}`, `${NAME}:v1`, OTHER)).toBe(false);
  });

  it('never in another repository or under the digest of its config', () => {
    expect(meant(`${NAME}@${GOOD}`, `evil.io/kube-apiserver@${GOOD}`)).toBe(false);
    expect(meant(`${NAME}@${GOOD}`, GOOD)).toBe(false);
  });
});

import { type Digest, isDigest } from '../hashing/digest.js';
import type { ContainerdImage } from './containerd-image.js';
import { type ImageReference, parseImageReference } from './image-reference.js';

/** How containerd's CRI plugin and the kubelet write down what belongs to what (internal/cri/labels of containerd). */
const CONTAINER_NAME = 'io.kubernetes.container.name';
const POD_NAMESPACE = 'io.kubernetes.pod.namespace';
const KIND = 'io.cri-containerd.kind';

/** Where a cluster's own components run. */
const SYSTEM_NAMESPACE = 'kube-system';

/**
 * The component a container says it is. Whoever claims the name without the CRI plugin is counted in: what calls itself
 * kube-apiserver has to be looked at.
 */
export function componentOf({ labels }: { readonly labels: ReadonlyMap<string, string> }): string | undefined {
  if (labels.get(POD_NAMESPACE) !== SYSTEM_NAMESPACE || labels.get(KIND) === 'sandbox') return undefined;
  return labels.get(CONTAINER_NAME);
}

/** What a name in containerd's image list is: the CRI plugin lists each image also by the digest of its config. */
export type ImageName =
  | { readonly kind: 'reference'; readonly reference: ImageReference }
  | { readonly kind: 'config'; readonly digest: Digest }
  | { readonly kind: 'other' };

export function readImageName(name: string): ImageName {
  if (isDigest(name)) return { kind: 'config', digest: name };
  const reference = parseImageReference(name);
  return reference === undefined ? { kind: 'other' } : { kind: 'reference', reference };
}

/**
 * Whether an image in containerd's list is one that `wanted` means. A digest decides alone, whatever tag stands beside
 * it: the CRI plugin drops that tag. Names of another repository never match, so the same bytes elsewhere do not count.
 */
export function isImageMeant(wanted: ImageReference, image: Pick<ContainerdImage, 'name' | 'target'>): boolean {
  const name = readImageName(image.name);
  if (name.kind !== 'reference') return false;
  const { domain, path, tag } = name.reference;
  if (domain !== wanted.domain || path !== wanted.path) return false;
  if (wanted.digest !== undefined) return image.target.digest === wanted.digest;
  return tag === wanted.tag;
}

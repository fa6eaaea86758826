import { formatImageReference, parseImageReference } from '@sealwatch/shared/containerd/image-reference.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { ImageToRead } from './image-to-read.js';

/**
 * What hosts may call the image, in full: its name where it was read, if that is one for a registry, and those given.
 * A layout mostly calls its images `latest` or `app`: completed to a name of Docker Hub that would be a wrong guess.
 * @param given in full
 * @throws CodedError('usage.invalid') if there is none
 */
export function imageReferences({ name, location, shown }: ImageToRead, given: readonly string[]): string[] {
  const isName = location.kind === 'containerd' || /[/:@]/.test(location.name ?? '');
  const own = isName ? inFull(location.name ?? '') : undefined;
  const references = [...new Set([...(own === undefined ? [] : [own]), ...given])];
  if (references.length === 0) {
    throw new CodedError(
      'usage.invalid',
      `--image ${name}=${shown} has no name that hosts could know the image by; say it with ` +
        `--reference ${name}=REF, like registry.k8s.io/${name}:v1.19.7`,
    );
  }
  return references;
}

/** A reference with its registry and tag, or undefined if the text is none. */
export function inFull(text: string): string | undefined {
  const reference = parseImageReference(text);
  return reference === undefined ? undefined : formatImageReference(reference);
}

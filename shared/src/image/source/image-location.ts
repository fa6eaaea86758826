import { CodedError } from '../../runtime/coded-error.js';
import { printable } from '../../runtime/printable.js';

/** Where an image is, as skopeo and podman write it. */
export type ImageLocation = FileLocation | { readonly kind: 'containerd'; readonly name: string };

export interface FileLocation {
  readonly kind: 'oci' | 'oci-archive' | 'docker-archive';
  readonly path: string;
  /** Of several images in one place. */
  readonly name: string | undefined;
}

/** `oci:DIRECTORY[:NAME]`, `oci-archive:FILE[:NAME]`, `docker-archive:FILE[:NAME]`; else a name in containerd. @throws CodedError('usage.invalid') */
export function parseImageLocation(text: string): ImageLocation {
  const [, kind, path, name] = /^(oci|oci-archive|docker-archive):([^:]*)(?::(.+))?$/.exec(text) ?? [];
  if (kind === 'oci' || kind === 'oci-archive' || kind === 'docker-archive') {
    if (path === undefined || path === '') {
      throw new CodedError('usage.invalid', `image ${printable(text)}: write ${kind}:PATH or ${kind}:PATH:NAME`);
    }
    return { kind, path, name };
  }
  if (text === '' || /\s/.test(text))
    throw new CodedError('usage.invalid', `image ${printable(text)} is no name of an image`);
  return { kind: 'containerd', name: text };
}

import type { ContainerdContainer } from '@sealwatch/shared/containerd/containerd-container.js';
import { componentOf, isImageMeant, readImageName } from '@sealwatch/shared/containerd/cri-conventions.js';
import { parseImageReference, type ImageReference } from '@sealwatch/shared/containerd/image-reference.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import { sameReference } from '@sealwatch/shared/appraisal/same-reference.js';
import type { WantedImages } from '../../inventory/wanted-images.js';

/** What makes an image or a container one of a component, apart from what its labels say. */
export class ComponentImages {
  readonly component: string;
  readonly listed: readonly ImageComponent[];
  readonly #references: readonly string[];
  readonly #wanted: readonly ImageReference[];

  constructor({ component, listed }: WantedImages) {
    this.component = component;
    this.listed = listed;
    this.#references = listed.flatMap(({ references }) => references);
    this.#wanted = this.#references.flatMap((reference) => parseImageReference(reference) ?? []);
  }

  /** What manifests list of the image with this config. */
  entriesOf(config: Digest | null | undefined): readonly ImageComponent[] {
    return this.listed.filter(({ digest }) => digest === config);
  }

  /** Whether a name in containerd's list is one of the component's: by reference, or by the config it claims. */
  isNamed(name: string, target: Digest | undefined): boolean {
    const read = readImageName(name);
    if (read.kind === 'config') return this.entriesOf(read.digest).length > 0;
    if (read.kind === 'other') return false;
    const image = { name, target: { digest: target, mediaType: '', size: 0 } };
    return (
      this.#wanted.some((wanted) => isImageMeant(wanted, image)) ||
      this.#references.some((reference) => sameReference(reference, name))
    );
  }
}

/**
 * The components a container belongs to. One that says by its labels which component it is, is looked at as that one
 * alone: if it runs another's image, that is found there. Others belong to whom the image does, by content or by name.
 */
export function componentsOf(
  container: Pick<ContainerdContainer, 'labels' | 'image'>,
  config: Digest | undefined,
  components: readonly ComponentImages[],
): readonly ComponentImages[] {
  const claimed = componentOf(container);
  const own = components.filter(({ component }) => component === claimed);
  if (own.length > 0) return own;
  return components.filter(
    (component) => component.entriesOf(config).length > 0 || component.isNamed(container.image, undefined),
  );
}

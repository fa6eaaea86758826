import { readImage } from '@sealwatch/shared/image/read-image.js';
import { platformText } from '@sealwatch/shared/image/document/platform.js';
import { openImageSource } from '@sealwatch/shared/image/source/open-image-source.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';

/** What a manifest lists of an image in an OCI archive, without its signatures: appraisal never looks at those. */
export async function imageEntry(
  file: string,
  { name, references, commands }: Pick<ImageComponent, 'name' | 'references' | 'commands'>,
): Promise<ImageComponent> {
  const source = await openImageSource({ kind: 'oci-archive', path: file });
  try {
    const image = await readImage(source, undefined);
    return {
      kind: 'image',
      name,
      references,
      platform: platformText(image.platform),
      digest: image.configDigest,
      size: image.configSize,
      signature: '',
      manifest: image.manifestDigest,
      layers: image.layers.map(({ digest, size, diffId, uncompressedSize }) => {
        return { digest, size, diffId, uncompressedSize };
      }),
      executables: image.executables.map(({ path, digest, size }) => ({ path, digest, size, signature: '' })),
      commands,
      variables: [],
    };
  } finally {
    await source.close();
  }
}

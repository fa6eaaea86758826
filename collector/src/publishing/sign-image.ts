import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import type { PublisherSigner } from '@sealwatch/shared/signing/publisher-signer.js';
import type { ImageContent } from './image-content.js';

export interface SignImageOptions {
  readonly content: Pick<ImageContent, 'bytes'>;
  /** Before each signature: how many are made, of how many. What it throws ends the signing. */
  readonly onSignature?: (done: number, all: number) => Promise<void>;
}

/**
 * Signs the config's bytes, which pin the layers' content, and each executable's. Files of one digest, hard links say,
 * get one signature. Signatures that were there are replaced.
 * @throws CodedError('signer.failed' | 'file.unreadable' | 'request.cancelled')
 */
export async function signImage(
  image: ImageComponent,
  signer: PublisherSigner,
  { content, onSignature }: SignImageOptions,
): Promise<ImageComponent> {
  const signatures = new Map<Digest, string>();
  const digests = [...new Set([image, ...image.executables].map(({ digest }) => digest))];
  for (const [done, digest] of digests.entries()) {
    await onSignature?.(done, digests.length);
    const signature = await signer.signContent({ digest, bytes: () => content.bytes(digest) });
    signatures.set(digest, signature.toString('base64'));
  }
  const signed = <T extends { readonly digest: Digest }>(what: T): T & { readonly signature: string } => {
    return { ...what, signature: signatures.get(what.digest) ?? '' };
  };
  return { ...signed(image), executables: image.executables.map(signed) };
}

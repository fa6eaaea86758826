import { readBelow } from '@sealwatch/shared/hashing/read-below.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { PublicKey } from '@sealwatch/shared/signing/public-key.js';
import type { PublisherSigner } from '@sealwatch/shared/signing/publisher-signer.js';
import { verifyDigestSignature } from '@sealwatch/shared/signing/verify.js';
import { pathBytes } from '@sealwatch/shared/subject/path-text.js';
import type { FileComponent } from '@sealwatch/shared/manifest/manifest-component.js';

type Unsigned = Omit<FileComponent, 'kind' | 'signature'>;

/**
 * Signs the bytes of a component's digest. A signing command gets them streamed from the first path; bytes of another
 * digest give a signature that does not verify, so a file that changed since it was measured is refused.
 * @param root where the paths are
 * @throws CodedError('signer.failed' | 'file.unreadable' | 'request.cancelled')
 */
export async function signComponent(
  root: string,
  component: Unsigned,
  signer: PublisherSigner,
): Promise<FileComponent> {
  const path = pathBytes(component.paths[0] ?? '') ?? Buffer.alloc(0);
  const signature = await signer.signContent({ digest: component.digest, bytes: () => readBelow(root, path) });
  return signedComponent(component, signature);
}

/**
 * Takes a signature made elsewhere: `openssl dgst -sha256 -sign publisher.key -out kubelet.sig kubelet`.
 * @param what names the signature in the error
 * @throws CodedError('manifest.bad-signature')
 */
export function withSignature(
  component: Unsigned,
  signature: Buffer,
  publisher: PublicKey,
  what: string,
): FileComponent {
  if (signature.length !== 512 || !verifyDigestSignature(publisher.key, component.digest, signature)) {
    throw new CodedError(
      'manifest.bad-signature',
      `${what} (${String(signature.length)} bytes) is no RSA-4096 signature of ${component.name} by publisher key ` +
        `${publisher.keyid.slice(0, 16)}; make it with: openssl dgst -sha256 -sign publisher.key -out FILE PATH`,
    );
  }
  return signedComponent(component, signature);
}

function signedComponent({ name, paths, digest, size, module }: Unsigned, signature: Buffer): FileComponent {
  const declared = module === undefined ? {} : { module };
  return { kind: 'file', name, paths, digest, size, signature: signature.toString('base64'), ...declared };
}

import { type Envelope, PAYLOAD_TYPES } from '../envelope/envelope.js';
import { signEnvelope } from '../envelope/sign-envelope.js';
import type { PublisherSigner } from '../signing/publisher-signer.js';
import type { Manifest } from './manifest.js';
import { manifestStatement } from './manifest-statement.js';
import { openManifest } from './open-manifest.js';

/**
 * Seals a manifest whose components the same key signed. The result is opened as a host will open it: nothing leaves
 * here that would be refused there.
 * @throws CodedError('signer.failed' | 'manifest.malformed' | 'manifest.bad-signature' | 'request.cancelled')
 */
export async function sealManifest(manifest: Manifest, signer: PublisherSigner): Promise<Envelope> {
  const envelope = await signEnvelope(PAYLOAD_TYPES.statement, manifestStatement(manifest), signer);
  openManifest(envelope, [signer.publicKey], `manifest ${manifest.id}`);
  return envelope;
}

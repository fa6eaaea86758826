import type { Signer } from '../signing/signer.js';
import type { Envelope, PayloadType } from './envelope.js';
import { preAuthEncoding } from './pre-auth-encoding.js';

/** Serialises once and signs those bytes: what is stored and sent is what was signed. */
export async function signEnvelope(payloadType: PayloadType, document: object, signer: Signer): Promise<Envelope> {
  const payload = Buffer.from(JSON.stringify(document), 'utf8');
  const sig = await signer.sign(preAuthEncoding(payloadType, payload));
  return { payloadType, payload, signatures: [{ keyid: signer.keyid, sig }] };
}

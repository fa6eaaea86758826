import { CodedError } from '../runtime/coded-error.js';
import type { PublicKey } from '../signing/public-key.js';
import { verifySignature } from '../signing/verify.js';
import type { Envelope, PayloadType } from './envelope.js';
import { preAuthEncoding } from './pre-auth-encoding.js';

/**
 * Who signed this? Returns the trusted key whose signature holds. The payload may be looked into only after this.
 * Key ids choose the key; they prove nothing. A known key with a bad signature is refused even if another holds.
 * @throws CodedError('envelope.malformed' | 'envelope.unknown-key' | 'envelope.bad-signature')
 */
export function verifyEnvelope(
  envelope: Envelope,
  expected: { payloadType: PayloadType; keys: readonly PublicKey[]; what: string },
): PublicKey {
  const { payloadType, keys, what } = expected;
  if (envelope.payloadType !== payloadType) {
    throw new CodedError(
      'envelope.malformed',
      `${what} has payload type ${JSON.stringify(envelope.payloadType)}, not ${payloadType}`,
    );
  }
  const signedBytes = preAuthEncoding(envelope.payloadType, envelope.payload);
  let signer: PublicKey | undefined;
  for (const signature of envelope.signatures) {
    const key = keys.find((candidate) => candidate.keyid === signature.keyid);
    if (key === undefined) continue;
    if (!verifySignature(key.key, signedBytes, signature.sig)) {
      throw new CodedError('envelope.bad-signature', `${what}: the signature by key ${short(key.keyid)} does not hold`);
    }
    signer ??= key;
  }
  if (signer === undefined) {
    const signers = envelope.signatures.map(({ keyid }) => short(keyid)).join(', ');
    throw new CodedError('envelope.unknown-key', `${what} is signed by ${signers}, which is no key trusted for this`);
  }
  return signer;
}

function short(keyid: string): string {
  return keyid.slice(0, 16);
}

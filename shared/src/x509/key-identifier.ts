import { createHash, type KeyObject } from 'node:crypto';
import { contentOf, decodeDer, elementsOf, TAG } from './der.js';

/** RFC 7093 §2, method 1: the leftmost 160 bits of the SHA-256 of the subjectPublicKey bits. No SHA-1 anywhere. */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  const spki = decodeDer(publicKey.export({ type: 'spki', format: 'der' }), { maxBytes: 4096 });
  const bits = contentOf(elementsOf(spki, TAG.sequence)[1], TAG.bitString).subarray(1);
  return createHash('sha256').update(bits).digest().subarray(0, 20);
}

import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A fresh P-256 pair: cluster, CA, TLS, host and operator keys are all of this kind. */
export function generateP256(): { privateKey: KeyObject; publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

import type { KeyObject } from 'node:crypto';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { publicKeyFromCsr } from '@sealwatch/shared/x509/read-csr.js';
import type { EnrollmentStore } from '../store/enrollment-store.js';

/**
 * The keys of certificate requests. Each must be new: an identity is looked up by its key, so one key has one
 * certificate for ever, and a key that was taken away can't come back under another name.
 * @throws CodedError('certificate.malformed' | 'key.invalid')
 */
export async function requestedKeys(
  csrs: readonly Uint8Array[],
  store: Pick<EnrollmentStore, 'certificateByKeyid'>,
): Promise<KeyObject[]> {
  const keys = csrs.map(publicKeyFromCsr);
  const keyids = keys.map((key) => publicKeyOf(key).keyid);
  if (new Set(keyids).size < keyids.length) {
    throw new CodedError('key.invalid', 'the signing key and the TLS key must be two keys');
  }
  for (const keyid of keyids) {
    if ((await store.certificateByKeyid(keyid)) !== undefined) {
      throw new CodedError('key.invalid', `key ${keyid.slice(0, 16)} has a certificate already; make a new key`);
    }
  }
  return keys;
}

import { X509Certificate } from 'node:crypto';
import type { PublicKey } from '@sealwatch/shared/signing/public-key.js';
import { identityUri } from '@sealwatch/shared/trust/identity.js';
import { type Certificate, readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import type { EnrollmentStore } from '../store/enrollment-store.js';

/** Whose certificates count; the issuing CA's own has been verified. */
export interface SignerTrust {
  readonly clusterId: string;
  readonly issuing: Certificate;
}

export interface StoredSigner {
  readonly host: string;
  readonly epoch: number;
  readonly key: PublicKey;
  /** Whether the certificate is one our authority made for this host, and not a row that somebody put in. */
  readonly ours: boolean;
}

/** Host signers by key id; undefined for a key no host was certified for. */
export type FindStoredSigner = (keyid: string) => Promise<StoredSigner | undefined>;

/**
 * Looks at certificates as the database has them. When one was issued and whether it has ended since is judged
 * elsewhere; here it is asked who made it, once for each.
 */
export function storedSigners(
  store: Pick<EnrollmentStore, 'certificateByKeyid'>,
  trust: SignerTrust,
): FindStoredSigner {
  const known = new Map<string, StoredSigner>();
  return async (keyid) => {
    const found = known.get(keyid);
    if (found !== undefined) return found;
    const record = await store.certificateByKeyid(keyid);
    if (record?.purpose !== 'host-signing') return undefined;
    const { name: host, epoch, der } = record;
    const { publicKey: key, uris } = readCertificate(der, `the signing certificate of ${host}`);
    const [uri] = uris;
    const ours =
      uris.length === 1 &&
      uri === identityUri({ clusterId: trust.clusterId, kind: 'host', name: host }) &&
      new X509Certificate(der).verify(trust.issuing.publicKey.key);
    const signer = { host, epoch, key, ours };
    known.set(keyid, signer);
    return signer;
  };
}

import { readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import type { EnrollmentStore } from '../store/enrollment-store.js';
import type { FindSigner, HostSigner } from './open-report.js';

/**
 * Signers by key id, remembered for the life of one stream: revocation ends the stream, and a renewed certificate has
 * the key it had or a new one.
 */
export function signerFinder(store: Pick<EnrollmentStore, 'certificateByKeyid'>): FindSigner {
  const known = new Map<string, HostSigner>();
  return async (keyid) => {
    const remembered = known.get(keyid);
    if (remembered !== undefined) return remembered;
    const record = await store.certificateByKeyid(keyid);
    if (record?.purpose !== 'host-signing') return undefined;
    const { publicKey, notBefore, notAfter } = readCertificate(record.der, `signing certificate ${record.serial}`);
    const signer = {
      host: record.name,
      epoch: record.epoch,
      key: publicKey,
      notBefore,
      notAfter,
      revoked: record.revokedAt !== null,
    };
    known.set(keyid, signer);
    return signer;
  };
}

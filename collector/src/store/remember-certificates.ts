import type { CertificateRecord } from './enrollment-store.js';
import type { Store } from './store.js';

/** Of a kilobyte or two each: the issuing authority made them. */
const MAX_REMEMBERED = 16_384;

/**
 * A store that answers from memory whose key it is, which is asked for every message. Whatever could record or end a
 * certificate empties the memory before it begins and when it is done, however it went; an answer that was under way
 * meanwhile is not kept. So whoever has seen a revocation succeed never hears that the certificate stands. No other
 * process can write: the store is locked.
 */
export function rememberCertificates(store: Store, maxRemembered: number = MAX_REMEMBERED): Store {
  const known = new Map<string, CertificateRecord>();
  let changes = 0;
  const forget = (): void => {
    known.clear();
    changes += 1;
  };
  const changing = async <T>(write: () => Promise<T>): Promise<T> => {
    forget();
    try {
      return await write();
    } finally {
      forget();
    }
  };
  return {
    ...store,
    enroll: (enrollment) => changing(() => store.enroll(enrollment)),
    renew: (renewal) => changing(() => store.renew(renewal)),
    recordCertificates: (certificates) => changing(() => store.recordCertificates(certificates)),
    revokeHost: (revocation) => changing(() => store.revokeHost(revocation)),
    certificateByKeyid: async (keyid) => {
      const remembered = known.get(keyid);
      if (remembered !== undefined) return remembered;
      const changesBefore = changes;
      const record = await store.certificateByKeyid(keyid);
      // an unknown key is asked for again: strangers must not fill the memory
      if (record === undefined || changes !== changesBefore) return record;
      if (known.size >= maxRemembered) known.clear();
      known.set(keyid, record);
      return record;
    },
  };
}

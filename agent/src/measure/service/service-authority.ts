import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { AuthorityUse } from '@sealwatch/shared/measurement/service-measurement.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { certificatesFromPem } from '@sealwatch/shared/x509/pem.js';
import { readSmallFile } from '../host/read-small-file.js';

const MAX_BYTES = 256 * 1024;

export interface ServiceAuthority {
  readonly use: AuthorityUse;
  /** DER; empty unless `use` is `used`. */
  readonly certificates: readonly Buffer[];
}

/** The authorities a service's certificate must lead to, from the host's own file. Never throws. */
export async function readServiceAuthority(hostRoot: string, path: string | null): Promise<ServiceAuthority> {
  if (path === null) return { use: { state: 'not-named' }, certificates: [] };
  const file = await readSmallFile(hostRoot, path, MAX_BYTES);
  if (file.state !== 'read') return { use: file, certificates: [] };
  try {
    const certificates = certificatesFromPem(file.bytes.toString('latin1'), path);
    return { use: { state: 'used', digest: digestOf(certificates) }, certificates };
  } catch (error) {
    if (!isCoded(error)) throw error;
    return { use: { state: 'unreadable', reason: 'no certificate (PEM)' }, certificates: [] };
  }
}

/** Of the certificates, not of the text around them. */
function digestOf(certificates: readonly Buffer[]): Digest {
  return sha256(Buffer.concat(certificates));
}

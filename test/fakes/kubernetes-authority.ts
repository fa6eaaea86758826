import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { issueCertificate } from '@sealwatch/shared/x509/issue-certificate.js';
import { certificatePem } from '@sealwatch/shared/x509/pem.js';

/** Where kubeadm puts the cluster's certificate authority, below a host's root. */
export const AUTHORITY_PATH = 'etc/kubernetes/pki/ca.crt';

/** Makes an authority that began at `notBefore` (wall clock, milliseconds) and puts it where kubeadm does. */
export function placeAuthority(hostRoot: string, notBefore: number): void {
  const { privateKey, publicKey } = generateP256();
  const der = issueCertificate({
    profile: 'root',
    commonName: 'kubernetes',
    publicKey,
    notBefore: new Date(notBefore),
    notAfter: new Date(notBefore + 3650 * 86_400_000),
    issuer: { selfSigned: privateKey },
  });
  const file = join(hostRoot, AUTHORITY_PATH);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, certificatePem(der));
}

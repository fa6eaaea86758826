import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { certificatePem, certificatesFromPem } from '@sealwatch/shared/x509/pem.js';
import { type Certificate, readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import type { KeyObject } from 'node:crypto';
import { fileExists } from './file-exists.js';
import type { Provisioning } from './provisioning.js';

export interface CertificateFile {
  readonly file: string;
  readonly what: string;
  readonly key: KeyObject;
  /** DER of what follows the certificate in the file. */
  readonly issuers: readonly Buffer[];
  /** A certificate that ends within this time is replaced by a new one for the same key; 0: never replaced. */
  readonly renewalMs: number;
  readonly issue: () => Buffer;
  /** Throws if a certificate that is there was not made by the authority it should be of. */
  readonly verify?: (certificate: Certificate) => void;
  /** Called before the file is written: a certificate that nobody recorded must not exist. */
  readonly record?: (certificate: Certificate) => Promise<void>;
}

/** The certificate in the file, made or renewed if need be. @throws CodedError('key.invalid' | 'certificate.*' | 'file.*') */
export async function ensureCertificate({ now, log }: Provisioning, spec: CertificateFile): Promise<Certificate> {
  const { file, what } = spec;
  const present = (await fileExists(file)) ? await readFirst(file) : undefined;
  if (present !== undefined && present.publicKey.keyid !== publicKeyOf(spec.key).keyid) {
    throw new CodedError('key.invalid', `${file} was made for another key than the one beside it; restore both`);
  }
  if (present !== undefined && (spec.renewalMs === 0 || present.notAfter - now > spec.renewalMs)) {
    spec.verify?.(present);
    return present;
  }
  const certificate = readCertificate(spec.issue(), file);
  await spec.record?.(certificate);
  await writePrivateFile(file, [certificate.der, ...spec.issuers].map(certificatePem).join(''));
  log[present === undefined ? 'made' : 'renewed'].push({ file, what });
  return certificate;
}

/** The first certificate of a PEM file. @throws CodedError('certificate.malformed' | 'file.*') */
export async function readFirst(file: string): Promise<Certificate> {
  const [der] = certificatesFromPem((await readPrivateFile(file)).toString('latin1'), file);
  return readCertificate(der ?? Buffer.alloc(0), file);
}

import type { CatalogueEntry } from '../appraisal/catalogue-entry.js';
import type { ModuleParagraph } from './module-paragraph.js';

/**
 * What can be wrong with the certificates of the modules in use: warnings, which a policy that requires active
 * certificates makes failures. Integrity is another question and has other codes.
 */
const TABLE = {
  'certificate.historical': {
    severity: 'warn',
    fixed: false,
    meaning: 'The certificate of a module in use is historical',
    remedy: 'Have the risk accepted for this existing system, or move to a module with an active certificate',
  },
  'certificate.revoked': {
    severity: 'fail',
    fixed: false,
    meaning: 'The certificate of a module in use was revoked',
    remedy: 'Move to a module with an active certificate',
  },
  'certificate.unknown': {
    severity: 'warn',
    fixed: false,
    meaning: 'The status of the certificate of a module in use is not known',
    remedy: 'Look it up at csrc.nist.gov and give a newer list of certificates',
  },
  'certificate.not-rechecked': {
    severity: 'warn',
    fixed: false,
    meaning: 'The certificate of a module in use was active when the list was read, but that is long ago',
    remedy: 'Give a newer list of certificates',
  },
  'certificate.missing': {
    severity: 'warn',
    fixed: false,
    meaning: 'Nobody names a certificate for a module in use',
    remedy: 'Publish a manifest that names it, or move to a module that has one',
  },
} as const;

export type CertificateFindingCode = keyof typeof TABLE;

export const CERTIFICATE_FINDINGS: Readonly<Record<CertificateFindingCode, CatalogueEntry>> = TABLE;

export function isCertificateFinding(code: string): code is CertificateFindingCode {
  return Object.hasOwn(TABLE, code);
}

export interface CertificateDeviation {
  readonly code: CertificateFindingCode;
  readonly expected: string;
  readonly observed: string;
}

/** Each module whose certificate is not known to be active on the paragraph's day. */
export function certificateDeviations({ modules, on }: ModuleParagraph): CertificateDeviation[] {
  const deviations: CertificateDeviation[] = [];
  for (const { module, certificate, validation } of modules) {
    const expected = `${module}: a certificate that is active on ${on}`;
    if (certificate === null || validation === null) {
      deviations.push({ code: 'certificate.missing', expected, observed: 'none named' });
      continue;
    }
    const { status, because, asOf, stale } = validation;
    const observed = `${String(certificate)}: ${status} (${because}), list of ${asOf}`;
    if (status !== 'active') deviations.push({ code: `certificate.${status}`, expected, observed });
    else if (stale) deviations.push({ code: 'certificate.not-rechecked', expected, observed });
  }
  return deviations;
}

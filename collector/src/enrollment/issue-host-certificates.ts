import type { KeyObject } from 'node:crypto';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { identityUri } from '@sealwatch/shared/trust/identity.js';
import { issueCertificate } from '@sealwatch/shared/x509/issue-certificate.js';
import { type Certificate, readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import type { NewCertificate } from '../store/enrollment-store.js';

/** The collector's certificate authority, below the cluster's root. */
export interface IssuingAuthority {
  readonly certificate: Certificate;
  readonly key: KeyObject;
}

export type HostPurpose = 'host-signing' | 'host-tls';

const DAY_MS = 86_400_000;
const LIFETIME_MS: Readonly<Record<HostPurpose, number>> = { 'host-signing': 365 * DAY_MS, 'host-tls': 7 * DAY_MS };

/** A host whose clock is behind ours can use its certificate at once. */
const BACKDATED_MS = 5 * 60_000;

/**
 * Every name in the certificate is ours to give; the request gave nothing but the key.
 * @throws CodedError('certificate.rejected') if the authority itself is not valid now
 */
export function issueHostCertificate(
  request: { purpose: HostPurpose; clusterId: string; host: string; publicKey: KeyObject },
  { authority, clock }: { authority: IssuingAuthority; clock: Clock },
): NewCertificate {
  const { purpose, clusterId, host, publicKey } = request;
  const now = clock.wall();
  const { certificate: ca } = authority;
  if (now < ca.notBefore || now >= ca.notAfter) {
    throw new CodedError(
      'certificate.rejected',
      `the issuing CA is valid from ${timestamp(ca.notBefore)} to ${timestamp(ca.notAfter)} only; provision a new one`,
    );
  }
  const der = issueCertificate({
    profile: purpose,
    commonName: host,
    publicKey,
    notBefore: new Date(Math.max(ca.notBefore, now - BACKDATED_MS)),
    notAfter: new Date(Math.min(ca.notAfter, now + LIFETIME_MS[purpose])),
    uri: identityUri({ clusterId, kind: 'host', name: host }),
    issuer: { certificate: ca.der, key: authority.key },
  });
  return certificateRecord(der, { purpose, name: host });
}

/** What the store keeps of a certificate. */
export function certificateRecord(der: Buffer, of: Pick<NewCertificate, 'purpose' | 'name'>): NewCertificate {
  const { serial, publicKey, notBefore, notAfter } = readCertificate(der, `the certificate of ${of.name}`);
  return {
    ...of,
    serial,
    keyid: publicKey.keyid,
    notBefore: timestamp(notBefore),
    notAfter: timestamp(notAfter),
    der,
  };
}

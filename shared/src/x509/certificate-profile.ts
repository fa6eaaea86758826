import { OID } from './object-ids.js';

/** What a certificate may be used for. */
export type CertificateProfile = 'root' | 'issuing-ca' | 'collector-tls' | 'host-tls' | 'operator-tls' | 'host-signing';

export interface ProfileRules {
  /** Null: not a certificate authority. */
  readonly pathLength: number | null;
  readonly keyUsage: readonly KeyUsage[];
  readonly extendedKeyUsage: string | null;
}

/** Bit numbers of RFC 5280 §4.2.1.3. */
export const KEY_USAGE_BIT = { digitalSignature: 0, keyCertSign: 5, cRLSign: 6 } as const;
export type KeyUsage = keyof typeof KEY_USAGE_BIT;

/**
 * The host signing key lives for a year and signs evidence; documentSigning keeps it from opening a TLS connection,
 * which only the short-lived TLS key may.
 */
export const PROFILE_RULES: Readonly<Record<CertificateProfile, ProfileRules>> = {
  root: { pathLength: 1, keyUsage: ['keyCertSign', 'cRLSign'], extendedKeyUsage: null },
  'issuing-ca': { pathLength: 0, keyUsage: ['keyCertSign', 'cRLSign'], extendedKeyUsage: null },
  'collector-tls': { pathLength: null, keyUsage: ['digitalSignature'], extendedKeyUsage: OID.serverAuth },
  'host-tls': { pathLength: null, keyUsage: ['digitalSignature'], extendedKeyUsage: OID.clientAuth },
  'operator-tls': { pathLength: null, keyUsage: ['digitalSignature'], extendedKeyUsage: OID.clientAuth },
  'host-signing': { pathLength: null, keyUsage: ['digitalSignature'], extendedKeyUsage: OID.documentSigning },
};

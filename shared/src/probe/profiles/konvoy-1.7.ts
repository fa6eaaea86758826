import type { TlsProfile } from '../profile.js';
import {
  FIPS_CERTIFICATE_SIGNATURES,
  FIPS_DH_BITS,
  FIPS_GROUPS,
  FIPS_SIGNATURE_RULES,
  NO_SHA1,
  SOUND_TRAITS,
} from './fips-algorithms.js';

const GO_FIPSONLY = 'Go 1.15 dev.boringcrypto, crypto/tls/boring.go (crypto/tls/fipsonly)';

/** What Konvoy 1.7's own services serve in FIPS mode: Go's fipsonly list, its ECDSA twins, and TLS 1.3 with AES-GCM. */
export const KONVOY_1_7: TlsProfile = {
  name: 'konvoy-1.7',
  title: 'Konvoy 1.7 in FIPS mode',
  versions: {
    rules: [
      { items: ['TLS 1.2'], standing: 'approved', source: GO_FIPSONLY },
      { items: ['TLS 1.3'], standing: 'approved', source: 'SP 800-52r2 §3.1' },
    ],
    otherwise: `${GO_FIPSONLY}: nothing older than TLS 1.2`,
  },
  requiredVersions: [],
  suites: {
    rules: [
      {
        items: [
          'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
          'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
          'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
          'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
        ],
        standing: 'approved',
        source: GO_FIPSONLY,
      },
      {
        items: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384'],
        standing: 'approved',
        source: 'SP 800-52r2 §3.3.1.2',
      },
      {
        items: ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'TLS_RSA_WITH_AES_256_GCM_SHA384'],
        standing: 'deprecated',
        source: `${GO_FIPSONLY}; RSA key transport is disallowed after 2023 by SP 800-131Ar2 §6`,
      },
    ],
    otherwise: `${GO_FIPSONLY} does not list it`,
  },
  groups: FIPS_GROUPS,
  minimumDhBits: FIPS_DH_BITS,
  signatureSchemes: { rules: FIPS_SIGNATURE_RULES, otherwise: `${NO_SHA1}; EdDSA is not in FIPS 140-2 modules` },
  keys: {
    rules: [
      {
        keyType: 'rsa',
        bits: { exactly: [2048, 3072, 4096] },
        standing: 'approved',
        source: 'Go crypto/x509/boring.go: peers in FIPS mode take no other size',
      },
      { keyType: 'ec', curves: ['P-256', 'P-384', 'P-521'], standing: 'approved', source: 'FIPS 186-4 appendix D' },
    ],
    otherwise: 'Go crypto/x509/boring.go: peers in FIPS mode refuse such a key',
  },
  certificateSignatures: FIPS_CERTIFICATE_SIGNATURES,
  traits: SOUND_TRAITS,
};

import type { TlsProfile } from '../profile.js';
import {
  FIPS_CERTIFICATE_SIGNATURES,
  FIPS_GROUPS,
  FIPS_PRIMES,
  FIPS_SIGNATURE_RULES,
  NO_RSA_TRANSPORT,
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
        source: `${GO_FIPSONLY}; ${NO_RSA_TRANSPORT}`,
      },
    ],
    otherwise: `${GO_FIPSONLY} does not list it`,
  },
  groups: FIPS_GROUPS,
  primes: FIPS_PRIMES,
  signatureSchemes: { rules: FIPS_SIGNATURE_RULES, otherwise: `${NO_SHA1}; EdDSA is not in FIPS 140-2 modules` },
  keys: {
    rules: [
      { keyType: 'rsa', bits: { exactly: [2048, 3072] }, standing: 'approved', source: GO_FIPSONLY },
      {
        keyType: 'rsa',
        bits: { exactly: [4096] },
        standing: 'conditional',
        source:
          'golang/go issue 41147: peers in FIPS mode take it since Go 1.19.4 and 1.20; those of Go 1.15 refuse it',
      },
      { keyType: 'ec', curves: ['P-256', 'P-384'], standing: 'approved', source: GO_FIPSONLY },
      {
        keyType: 'ec',
        curves: ['P-521'],
        standing: 'conditional',
        source: 'golang/go issues 62372 and 71757: peers of some Go releases refuse it in FIPS mode',
      },
    ],
    otherwise: `${GO_FIPSONLY}: peers in FIPS mode refuse such a key`,
  },
  certificateSignatures: FIPS_CERTIFICATE_SIGNATURES,
  traits: SOUND_TRAITS,
};

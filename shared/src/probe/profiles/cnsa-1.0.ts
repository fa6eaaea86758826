import type { TlsProfile } from '../profile.js';
import { NO_FINITE_FIELDS, NO_RSA_TRANSPORT, SOUND_TRAITS } from './fips-algorithms.js';

const RFC = 'RFC 9151';
const RSA_SIZES = { exactly: [3072, 4096] } as const;

/** The Commercial National Security Algorithm Suite for TLS: 192 bits of security throughout. */
export const CNSA_1_0: TlsProfile = {
  name: 'cnsa-1.0',
  title: 'CNSA Suite 1.0 (RFC 9151)',
  versions: {
    rules: [{ items: ['TLS 1.2', 'TLS 1.3'], standing: 'approved', source: `${RFC} §5` }],
    otherwise: `${RFC} §5: TLS 1.2 at least`,
  },
  requiredVersions: [],
  suites: {
    rules: [
      { items: ['TLS_AES_256_GCM_SHA384'], standing: 'approved', source: `${RFC} §7` },
      {
        items: ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
        standing: 'approved',
        source: `${RFC} §6`,
      },
      {
        items: ['TLS_DHE_RSA_WITH_AES_256_GCM_SHA384'],
        standing: 'deprecated',
        source: `${RFC} §6 lists it; ${NO_FINITE_FIELDS}`,
      },
      {
        items: ['TLS_RSA_WITH_AES_256_GCM_SHA384'],
        standing: 'deprecated',
        source: `${RFC} §6 lists it; ${NO_RSA_TRANSPORT}`,
      },
    ],
    otherwise: `${RFC} §4, §6 and §7: AES-256-GCM with SHA-384 only`,
  },
  groups: {
    rules: [
      { items: ['P-384'], standing: 'approved', source: `${RFC} §5.1` },
      { items: ['ffdhe3072', 'ffdhe4096'], standing: 'approved', source: `${RFC} §5.3` },
    ],
    otherwise: `${RFC} §5.1 and §5.3: P-384, or finite fields of 3072 and 4096 bits`,
  },
  primes: { bits: RSA_SIZES, source: `${RFC} §5.3: 3072 or 4096 bits` },
  signatureSchemes: {
    rules: [
      {
        items: ['ecdsa_secp384r1_sha384', 'rsa_pss_pss_sha384', 'rsa_pss_rsae_sha384', 'rsa_pkcs1_sha384'],
        standing: 'approved',
        source: `${RFC} §6.2 and §7.1`,
      },
    ],
    otherwise: `${RFC} §6.2 and §7.1: SHA-384 only, ECDSA on P-384`,
  },
  keys: {
    rules: [
      { keyType: 'rsa', bits: RSA_SIZES, standing: 'approved', source: `${RFC} §5.2` },
      { keyType: 'ec', curves: ['P-384'], standing: 'approved', source: `${RFC} §5.1` },
    ],
    // a key that names RSASSA-PSS itself is none of these, although §6.2 and §7.1 list a scheme for it
    otherwise: `${RFC} §5.1 and §5.2, RFC 8603 §4.1: P-384, or rsaEncryption with 3072 or 4096 bits`,
  },
  certificateSignatures: {
    rules: [
      {
        items: ['sha384WithRSAEncryption', 'rsassaPss-SHA384', 'ecdsa-with-SHA384'],
        standing: 'approved',
        source: `RFC 8603 §4.1; ${RFC} §5.2`,
      },
    ],
    otherwise: 'RFC 8603 §4.1: SHA-384 only',
  },
  traits: [
    ...SOUND_TRAITS,
    { name: 'extended-master-secret', force: 'should', source: `${RFC} §6.1: should accept it` },
  ],
};

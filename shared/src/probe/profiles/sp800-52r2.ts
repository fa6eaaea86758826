import type { TlsProfile } from '../profile.js';
import {
  FIPS_CERTIFICATE_SIGNATURES,
  FIPS_GROUP_RULES,
  FIPS_PRIMES,
  FIPS_SIGNATURE_RULES,
  NO_FINITE_FIELDS,
  NO_SHA1,
} from './fips-algorithms.js';

const SP = 'SP 800-52r2';
const LISTED = `${SP} §3.3.1.1.1 and §3.3.1.1.2`;
const RSA = `${SP} §3.2.1; SP 800-131Ar2 §3`;
const EDDSA = 'FIPS 186-5 §7 approves EdDSA, after SP 800-52r2; no module validated under FIPS 140-2 has it';

const suites = (exchanges: readonly string[], ciphers: readonly string[]): string[] =>
  exchanges.flatMap((exchange) => ciphers.map((name) => `TLS_${exchange}_WITH_${name}`));

/**
 * NIST SP 800-52 revision 2 for servers with an RSA or ECDSA certificate: TLS 1.3 at hand, no RSA key transport,
 * extended master secret. The suites it lists for DSA, DH and ECDH certificates (§3.3.1.1.3 to §3.3.1.1.5) and for
 * pre-shared keys are refused: it prefers ephemeral keys, and such certificates are not issued any more.
 */
export const SP800_52R2: TlsProfile = {
  name: 'sp800-52r2',
  title: 'NIST SP 800-52 revision 2',
  versions: {
    rules: [{ items: ['TLS 1.2', 'TLS 1.3'], standing: 'approved', source: `${SP} §3.1` }],
    otherwise: `${SP} §3.1, government-only applications: TLS 1.1 should not be served, TLS 1.0 and older shall not`,
  },
  requiredVersions: [{ name: 'TLS 1.3', force: 'shall', source: `${SP} §3.1: shall be supported from 2024-01-01 on` }],
  suites: {
    rules: [
      {
        items: [
          ...suites(['ECDHE_ECDSA', 'ECDHE_RSA'], ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384']),
          ...suites(['ECDHE_ECDSA'], ['AES_128_CCM', 'AES_256_CCM']),
        ],
        standing: 'approved',
        source: LISTED,
      },
      {
        items: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_AES_128_CCM_SHA256'],
        standing: 'approved',
        source: `${SP} §3.3.1.2`,
      },
      {
        items: suites(['DHE_RSA'], ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'AES_128_CCM', 'AES_256_CCM']),
        standing: 'deprecated',
        source: `${SP} §3.3.1.1.2 lists it; ${NO_FINITE_FIELDS}`,
      },
      {
        items: [...suites(['ECDHE_ECDSA', 'DHE_RSA'], ['AES_128_CCM_8', 'AES_256_CCM_8']), 'TLS_AES_128_CCM_8_SHA256'],
        standing: 'deprecated',
        source: `${SP} §3.3.1.1: prefer CCM over CCM_8`,
      },
      {
        items: [
          ...suites(
            ['ECDHE_ECDSA', 'ECDHE_RSA'],
            ['AES_128_CBC_SHA256', 'AES_256_CBC_SHA384', 'AES_128_CBC_SHA', 'AES_256_CBC_SHA'],
          ),
          ...suites(['DHE_RSA'], ['AES_128_CBC_SHA256', 'AES_256_CBC_SHA256', 'AES_128_CBC_SHA', 'AES_256_CBC_SHA']),
        ],
        standing: 'deprecated',
        source: `${SP} §3.3.1.1: prefer GCM or CCM over CBC, which shall have encrypt-then-MAC (§3.4.2)`,
      },
    ],
    otherwise: `${LISTED} do not list it for ephemeral keys; RSA key transport: appendix D`,
  },
  groups: {
    rules: [
      ...FIPS_GROUP_RULES,
      {
        items: ['P-224', ...['233', '283', '409', '571'].flatMap((bits) => [`sect${bits}k1`, `sect${bits}r1`])],
        standing: 'deprecated',
        source: `${SP} §3.4.2.2 allows what SP 800-56Ar3 appendix D lists; P-256 or P-384 shall be supported`,
      },
    ],
    otherwise: `${SP} §3.4.2.2: SP 800-56Ar3 appendix D does not list it for key agreement`,
  },
  primes: FIPS_PRIMES,
  signatureSchemes: {
    rules: [...FIPS_SIGNATURE_RULES, { items: ['ed25519', 'ed448'], standing: 'conditional', source: EDDSA }],
    otherwise: NO_SHA1,
  },
  keys: {
    rules: [
      { keyType: 'rsa', bits: { min: 2048 }, standing: 'approved', source: RSA },
      {
        keyType: 'rsa-pss',
        bits: { min: 2048 },
        standing: 'conditional',
        source: `${SP} §3.2.1 names rsaEncryption as the key's algorithm`,
      },
      { keyType: 'ec', curves: ['P-256', 'P-384'], standing: 'approved', source: `${SP} §3.2.1` },
      {
        keyType: 'ec',
        curves: ['P-224', 'P-521'],
        standing: 'conditional',
        source: `${SP} §3.2.1: the curve should be P-256 or P-384`,
      },
      { keyType: 'ed25519', standing: 'conditional', source: EDDSA },
      { keyType: 'ed448', standing: 'conditional', source: EDDSA },
    ],
    otherwise: `${RSA}: 112 bits of security at least`,
  },
  certificateSignatures: {
    rules: [
      ...FIPS_CERTIFICATE_SIGNATURES.rules,
      {
        items: ['sha224WithRSAEncryption', 'ecdsa-with-SHA224'],
        standing: 'deprecated',
        source: `${SP} §3.3: SHA-224 at least; §3.2.1: SHA-256 or stronger`,
      },
      { items: ['Ed25519', 'Ed448'], standing: 'conditional', source: EDDSA },
    ],
    otherwise: `${SP} §3.3: SHA-224 at least; ${NO_SHA1}`,
  },
  traits: [
    { name: 'secure-renegotiation', force: 'shall', source: `${SP} §3.4.1.1; RFC 5746` },
    { name: 'no-compression', force: 'shall', source: `${SP} §3.7` },
    { name: 'extended-master-secret', force: 'shall', source: `${SP} §3.4.1.3; FIPS 140-3 IG D.Q; RFC 7627` },
  ],
};

import type { TlsProfile } from '../profile.js';
import {
  FIPS_CERTIFICATE_SIGNATURES,
  FIPS_DH_BITS,
  FIPS_GROUPS,
  FIPS_SIGNATURE_RULES,
  NO_SHA1,
  SOUND_TRAITS,
} from './fips-algorithms.js';

const SP = 'SP 800-52r2';

/** Key exchanges that keep their secrets (§3.3.1.1), each with the ciphers after it. */
const suites = (ciphers: readonly string[]): string[] =>
  ['ECDHE_ECDSA', 'ECDHE_RSA', 'DHE_RSA'].flatMap((exchange) => ciphers.map((name) => `TLS_${exchange}_WITH_${name}`));
const ccm = (...modes: readonly string[]): string[] =>
  ['ECDHE_ECDSA', 'DHE_RSA'].flatMap((exchange) => modes.map((name) => `TLS_${exchange}_WITH_${name}`));

/** NIST SP 800-52 revision 2 for servers: TLS 1.3 at hand, no RSA key transport, extended master secret. */
export const SP800_52R2: TlsProfile = {
  name: 'sp800-52r2',
  title: 'NIST SP 800-52 revision 2',
  versions: {
    rules: [{ items: ['TLS 1.2', 'TLS 1.3'], standing: 'approved', source: `${SP} §3.1` }],
    otherwise: `${SP} §3.1: TLS 1.1 should not be served, TLS 1.0 and older shall not`,
  },
  requiredVersions: [{ name: 'TLS 1.3', source: `${SP} §3.1: shall be supported from 2024-01-01 on` }],
  suites: {
    rules: [
      {
        items: suites(['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384']),
        standing: 'approved',
        source: `${SP} §3.3.1.1`,
      },
      { items: ccm('AES_128_CCM', 'AES_256_CCM'), standing: 'approved', source: `${SP} §3.3.1.1` },
      {
        items: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_AES_128_CCM_SHA256'],
        standing: 'approved',
        source: `${SP} §3.3.1.2`,
      },
      {
        items: [...ccm('AES_128_CCM_8', 'AES_256_CCM_8'), 'TLS_AES_128_CCM_8_SHA256'],
        standing: 'deprecated',
        source: `${SP} §3.3.1: prefer CCM over CCM_8`,
      },
      {
        items: [
          ...suites(['AES_128_CBC_SHA256', 'AES_128_CBC_SHA', 'AES_256_CBC_SHA']),
          'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384',
          'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384',
          'TLS_DHE_RSA_WITH_AES_256_CBC_SHA256',
        ],
        standing: 'deprecated',
        source: `${SP} §3.3.1: prefer GCM or CCM over CBC`,
      },
    ],
    otherwise: `${SP} §3.3.1 does not list it for ephemeral keys with ECDSA or RSA certificates; RSA key transport: appendix D`,
  },
  groups: FIPS_GROUPS,
  minimumDhBits: FIPS_DH_BITS,
  signatureSchemes: {
    rules: [
      ...FIPS_SIGNATURE_RULES,
      {
        items: ['ed25519', 'ed448'],
        standing: 'conditional',
        source: 'FIPS 186-5 §7 approves EdDSA; no module validated under FIPS 140-2 has it',
      },
    ],
    otherwise: NO_SHA1,
  },
  keys: {
    rules: [
      { keyType: 'rsa', bits: { min: 2048 }, standing: 'approved', source: `${SP} §3.2; SP 800-131Ar2 §3` },
      { keyType: 'rsa-pss', bits: { min: 2048 }, standing: 'approved', source: `${SP} §3.2; SP 800-131Ar2 §3` },
      { keyType: 'ec', curves: ['P-256', 'P-384', 'P-521'], standing: 'approved', source: `${SP} §3.2` },
      { keyType: 'ed25519', standing: 'conditional', source: 'FIPS 186-5 §7, after SP 800-52r2' },
      { keyType: 'ed448', standing: 'conditional', source: 'FIPS 186-5 §7, after SP 800-52r2' },
    ],
    otherwise: `${SP} §3.2; SP 800-131Ar2 §3`,
  },
  certificateSignatures: {
    rules: [
      ...FIPS_CERTIFICATE_SIGNATURES.rules,
      { items: ['Ed25519', 'Ed448'], standing: 'conditional', source: 'FIPS 186-5 §7, after SP 800-52r2' },
    ],
    otherwise: NO_SHA1,
  },
  traits: [...SOUND_TRAITS, { name: 'extended-master-secret', source: `${SP} §3.4.1; FIPS 140-3 IG D.Q; RFC 7627` }],
};

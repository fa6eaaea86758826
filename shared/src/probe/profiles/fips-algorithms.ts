import type { ProfileRule, Requirement, RuleSet, TlsProfile, Trait } from '../profile.js';

/** What the profiles for FIPS 140 modules have in common. */
const SP_800_56A = 'SP 800-56Ar3 appendix D (approved groups for key agreement)';

export const FIPS_GROUP_RULES: readonly ProfileRule[] = [
  { items: ['P-256', 'P-384', 'P-521'], standing: 'approved', source: SP_800_56A },
  {
    items: ['ffdhe2048', 'ffdhe3072', 'ffdhe4096', 'ffdhe6144', 'ffdhe8192'],
    standing: 'approved',
    source: SP_800_56A,
  },
  {
    items: ['SecP256r1MLKEM768', 'SecP384r1MLKEM1024'],
    standing: 'approved',
    source: 'SP 800-227 §4.6.2 and RFC 10024: an approved group combined with ML-KEM (FIPS 203)',
  },
  {
    items: ['MLKEM512', 'MLKEM768', 'MLKEM1024'],
    standing: 'conditional',
    source: 'FIPS 203 and SP 800-227 approve ML-KEM; no module validated under FIPS 140-2 has it',
  },
  {
    items: ['X25519MLKEM768'],
    standing: 'conditional',
    source:
      'SP 800-227 §4.6.2 and RFC 10024: by its ML-KEM, if that is validated; X25519 is not approved, and usnistgov/ACVP issue 1611 is open',
  },
];

export const FIPS_GROUPS: RuleSet = {
  rules: FIPS_GROUP_RULES,
  otherwise: 'SP 800-56Ar3 appendix D does not list it for key agreement, or no FIPS mode of Go or BoringSSL has it',
};

export const FIPS_PRIMES: TlsProfile['primes'] = {
  bits: { min: 2048 },
  source: 'SP 800-131Ar2 §5: 112 bits of security and more',
};

export const FIPS_SIGNATURE_RULES: readonly ProfileRule[] = [
  {
    items: [
      'rsa_pss_rsae_sha256',
      'rsa_pss_rsae_sha384',
      'rsa_pss_rsae_sha512',
      'rsa_pss_pss_sha256',
      'rsa_pss_pss_sha384',
      'rsa_pss_pss_sha512',
      'rsa_pkcs1_sha256',
      'rsa_pkcs1_sha384',
      'rsa_pkcs1_sha512',
      'ecdsa_secp256r1_sha256',
      'ecdsa_secp384r1_sha384',
      'ecdsa_secp521r1_sha512',
    ],
    standing: 'approved',
    source: 'FIPS 186-4 §5 and §6, with SHA-2 (FIPS 180-4)',
  },
  {
    items: ['rsa_pkcs1_sha224', 'ecdsa_sha224'],
    standing: 'deprecated',
    source: 'SP 800-131Ar2 §9: SHA-224 is acceptable; no FIPS mode of Go or BoringSSL has it',
  },
];

export const NO_SHA1 = 'SP 800-131Ar2 §9: SHA-1 and MD5 may not sign; other schemes are in no approved list';

export const FIPS_CERTIFICATE_SIGNATURES: RuleSet = {
  rules: [
    {
      items: [
        'sha256WithRSAEncryption',
        'sha384WithRSAEncryption',
        'sha512WithRSAEncryption',
        'rsassaPss-SHA256',
        'rsassaPss-SHA384',
        'rsassaPss-SHA512',
        'ecdsa-with-SHA256',
        'ecdsa-with-SHA384',
        'ecdsa-with-SHA512',
      ],
      standing: 'approved',
      source: 'FIPS 186-4 §5 and §6, with SHA-2 (FIPS 180-4)',
    },
  ],
  otherwise: NO_SHA1,
};

/** Why a suite that a profile's own document lists is none to keep. */
export const NO_RSA_TRANSPORT =
  'RSA key transport is disallowed after 2023 by SP 800-131Ar2 §6, and obsolete by RFC 10015';
export const NO_FINITE_FIELDS = 'finite-field Diffie-Hellman in TLS 1.2 is obsolete by RFC 10015';

/**
 * RFC 9325 goes for every service, whatever the algorithms. Of compression it says should not; SP 800-52r2 says shall
 * not, and that is taken here.
 */
export const SOUND_TRAITS: readonly Requirement<Trait>[] = [
  { name: 'secure-renegotiation', force: 'shall', source: 'RFC 5746; RFC 9325 §3.5' },
  { name: 'no-compression', force: 'shall', source: 'SP 800-52r2 §3.7; RFC 9325 §3.3 (CRIME)' },
];

import type { ProfileRule, Requirement, RuleSet, Trait } from '../profile.js';

/** What the profiles for FIPS 140 modules have in common. */
const SP_800_56A = 'SP 800-56Ar3 appendix D (approved groups for key agreement)';

export const FIPS_GROUPS: RuleSet = {
  rules: [
    { items: ['P-256', 'P-384', 'P-521'], standing: 'approved', source: SP_800_56A },
    {
      items: ['ffdhe2048', 'ffdhe3072', 'ffdhe4096', 'ffdhe6144', 'ffdhe8192'],
      standing: 'approved',
      source: SP_800_56A,
    },
    {
      items: ['SecP256r1MLKEM768', 'SecP384r1MLKEM1024'],
      standing: 'approved',
      source: 'SP 800-227 §4.6 and SP 800-56Cr2 §2: an approved group combined with ML-KEM (FIPS 203)',
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
        'usnistgov/ACVP issue 1611: approved modes of some modules offer it, SP 800-227 alone does not approve it',
    },
  ],
  otherwise: 'SP 800-56Ar3 appendix D does not list it for key agreement',
};

export const FIPS_DH_BITS: { readonly bits: number; readonly source: string } = {
  bits: 2048,
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

/** TLS since RFC 9325 does not go without them, whatever the algorithms. */
export const SOUND_TRAITS: readonly Requirement<Trait>[] = [
  { name: 'secure-renegotiation', source: 'RFC 5746; RFC 9325 §3.5' },
  { name: 'no-compression', source: 'RFC 9325 §3.3 (CRIME)' },
];

/**
 * The keys distributions make their HMAC sidecars with. They are public: such an HMAC shows damage, not an intruder,
 * who can make it anew.
 */
export const HMAC_KEYS = {
  /** fipscheck's filehmac.c; Red Hat's OpenSSL, libgcrypt and GnuTLS */
  fipscheck: 'orboDeJITITejsirpADONivirpUkvarP',
  /** hmaccalc, libkcapi's sha512hmac: the kernel */
  hmaccalc: 'FIPS-FTW-RHT2009',
  /** SUSE's OpenSSL */
  'suse-openssl': 'ppaksykemnsecgtsttplmamstKMEs',
  /** libgcrypt's own src/fips.c, where a distribution left it alone */
  libgcrypt: 'What am I, a doctor or a moonshuttle conductor?',
} as const;

export type HmacKeyName = keyof typeof HMAC_KEYS;
export const HMAC_KEY_NAMES: readonly [HmacKeyName, ...HmacKeyName[]] = [
  'fipscheck',
  'hmaccalc',
  'suse-openssl',
  'libgcrypt',
];

/** What is tried for a kernel and for a library, the likeliest first. */
export const KEYS_TRIED: Readonly<Record<'kernel' | 'library', readonly [HmacKeyName, ...HmacKeyName[]]>> = {
  kernel: ['hmaccalc'],
  library: ['fipscheck', 'suse-openssl', 'libgcrypt', 'hmaccalc'],
};

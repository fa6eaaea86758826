export interface SignatureScheme {
  readonly id: number;
  readonly name: string;
}

const scheme = (id: number, name: string): SignatureScheme => ({ id, name });

/**
 * IANA's TLS SignatureScheme (RFC 8446 §4.2.3, RFC 8734, draft-ietf-tls-mldsa) and the pairs of hash and signature that
 * TLS 1.2 had beside them (RFC 5246 §7.4.1.4.1), SHA-1 and MD5 last.
 */
export const SIGNATURE_SCHEMES: readonly SignatureScheme[] = [
  scheme(0x0403, 'ecdsa_secp256r1_sha256'),
  scheme(0x0503, 'ecdsa_secp384r1_sha384'),
  scheme(0x0603, 'ecdsa_secp521r1_sha512'),
  scheme(0x0804, 'rsa_pss_rsae_sha256'),
  scheme(0x0805, 'rsa_pss_rsae_sha384'),
  scheme(0x0806, 'rsa_pss_rsae_sha512'),
  scheme(0x0809, 'rsa_pss_pss_sha256'),
  scheme(0x080a, 'rsa_pss_pss_sha384'),
  scheme(0x080b, 'rsa_pss_pss_sha512'),
  scheme(0x0401, 'rsa_pkcs1_sha256'),
  scheme(0x0501, 'rsa_pkcs1_sha384'),
  scheme(0x0601, 'rsa_pkcs1_sha512'),
  scheme(0x0807, 'ed25519'),
  scheme(0x0808, 'ed448'),
  scheme(0x0904, 'mldsa44'),
  scheme(0x0905, 'mldsa65'),
  scheme(0x0906, 'mldsa87'),
  scheme(0x081a, 'ecdsa_brainpoolP256r1tls13_sha256'),
  scheme(0x081b, 'ecdsa_brainpoolP384r1tls13_sha384'),
  scheme(0x081c, 'ecdsa_brainpoolP512r1tls13_sha512'),
  scheme(0x0708, 'sm2sig_sm3'),
  scheme(0x0402, 'dsa_sha256'),
  scheme(0x0502, 'dsa_sha384'),
  scheme(0x0602, 'dsa_sha512'),
  scheme(0x0303, 'ecdsa_sha224'),
  scheme(0x0301, 'rsa_pkcs1_sha224'),
  scheme(0x0302, 'dsa_sha224'),
  scheme(0x0203, 'ecdsa_sha1'),
  scheme(0x0201, 'rsa_pkcs1_sha1'),
  scheme(0x0202, 'dsa_sha1'),
  scheme(0x0103, 'ecdsa_md5'),
  scheme(0x0101, 'rsa_pkcs1_md5'),
];

const NAMES = new Map(SIGNATURE_SCHEMES.map(({ id, name }) => [id, name]));

export function schemeName(id: number): string {
  return NAMES.get(id) ?? `scheme 0x${id.toString(16).padStart(4, '0')}`;
}

import type { SecureVersion } from 'node:tls';

const SUITES = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
];

/**
 * What our own connections offer and accept: TLS 1.2 and 1.3 with ECDHE on P-256 or P-384 and AES-GCM (SP 800-52r2,
 * §3.3), the same for both ends. Every certificate of a cluster is ECDSA. Node's defaults would add ChaCha20, CBC, RSA
 * key exchange and X25519. The order of suites and groups is the server's preference.
 */
export const TLS_SETTINGS: {
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  readonly ciphers: string;
  readonly ecdhCurve: string;
  readonly sigalgs: string;
} = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  ciphers: SUITES.join(':'),
  ecdhCurve: 'P-256:P-384',
  sigalgs: 'ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384',
};

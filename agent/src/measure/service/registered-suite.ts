import { IANA_CIPHER_SUITES } from '@sealwatch/shared/probe/iana-cipher-suites.js';

/** What Go called these before 1.14 (crypto/tls), and Kubernetes and etcd still take. */
const OLD_NAMES: ReadonlyMap<string, string> = new Map([
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256'],
]);

const NAMES = new Set(IANA_CIPHER_SUITES.map(([, name]) => name));

/** The registered name of a suite; undefined for what is none. */
export function registeredSuite(name: string): string | undefined {
  const registered = OLD_NAMES.get(name) ?? name;
  return NAMES.has(registered) ? registered : undefined;
}

import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { ServiceMeasurement } from '@sealwatch/shared/measurement/service-measurement.js';
import type { ServedTls } from '@sealwatch/shared/probe/tls-observation.js';
import { plainDigest } from './check-results.js';

/** The seed's four suites, in the seed's order. */
export const SEED_SUITES: readonly string[] = [
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_RSA_WITH_AES_128_GCM_SHA256',
];

/** What the seed's Go 1.19 fipsonly server with an RSA certificate serves. */
export function served(changes: Partial<ServedTls> = {}): ServedTls {
  return {
    state: 'served',
    versions: [{ version: 'TLS 1.2', suites: SEED_SUITES, preference: 'hints' }],
    preferred: {
      version: 'TLS 1.2',
      suite: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      preference: 'hints',
      method: 'as the test says',
    },
    groups: { tls12: ['P-256', 'P-384'], tls13: [] },
    dhPrimeBits: null,
    signatureSchemes: { tls12: ['rsa_pkcs1_sha256'], tls13: [] },
    extendedMasterSecret: true,
    secureRenegotiation: true,
    compression: false,
    clientCertificate: 'requested',
    alpn: 'h2',
    certificates: [
      {
        fingerprint: plainDigest('1'),
        keyDigest: plainDigest('2'),
        subject: 'CN=kube-apiserver',
        issuer: 'CN=kubernetes',
        subjectAltName: 'DNS:kubernetes',
        notBefore: '2026-11-01T00:00:00.000Z',
        notAfter: '2027-11-01T00:00:00.000Z',
        keyType: 'rsa',
        keyBits: 2048,
        curve: null,
        signatureAlgorithm: 'sha256WithRSAEncryption',
        serverAuth: true,
        matchesName: true,
        trust: { state: 'trusted' },
      },
    ],
    unanswered: [],
    ...changes,
  };
}

/** A probe of `kube-apiserver` whose program is `/usr/bin/kube-apiserver` with digest aaa… */
export function probed(changes: Partial<ServiceMeasurement['observed']> = {}): ServiceMeasurement {
  return {
    subject: { kind: 'service', name: 'kube-apiserver', address: 'localhost:6443' },
    observed: {
      state: 'probed',
      tls: served(),
      authority: { state: 'not-named' },
      listener: listening(plainDigest('a')),
      configured: [],
      ...changes,
    },
  };
}

export function listening(digest: Digest): ServiceMeasurement['observed']['listener'] {
  return {
    state: 'found',
    programs: [{ executable: '/usr/bin/kube-apiserver', digest, deleted: false }],
    unseen: null,
  };
}

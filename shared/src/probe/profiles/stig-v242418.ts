import type { TlsProfile } from '../profile.js';
import { KONVOY_1_7 } from './konvoy-1.7.js';

const STIG = 'DISA Kubernetes STIG, V-242418 (CNTR-K8-001400)';
const MINIMUM = 'DISA Kubernetes STIG, V-242378 (CNTR-K8-000170): TLS 1.2 at least';
const GO_1_25 = 'the STIG names no keys; Go 1.25, crypto/tls/defaults_boring.go: what peers in FIPS mode take';

/**
 * The four suites a Kubernetes API server may be configured with: rule SV-242418r863993 and later. The first releases
 * (r712610) had two with ChaCha20 as well, which no FIPS mode takes.
 */
export const STIG_V242418: TlsProfile = {
  ...KONVOY_1_7,
  name: 'stig-v242418',
  title: 'DISA Kubernetes STIG V-242418',
  versions: {
    rules: [{ items: ['TLS 1.2', 'TLS 1.3'], standing: 'approved', source: MINIMUM }],
    otherwise: MINIMUM,
  },
  suites: {
    rules: [
      {
        items: [
          'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
          'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
          'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
          'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
        ],
        standing: 'approved',
        source: STIG,
      },
      {
        items: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384'],
        standing: 'conditional',
        source: `${STIG} names suites of TLS 1.2 only, and --tls-cipher-suites does not govern TLS 1.3`,
      },
    ],
    otherwise: `${STIG} does not list it`,
  },
  keys: {
    rules: [
      { keyType: 'rsa', bits: { exactly: [2048, 3072, 4096] }, standing: 'approved', source: GO_1_25 },
      { keyType: 'ec', curves: ['P-256', 'P-384', 'P-521'], standing: 'approved', source: GO_1_25 },
    ],
    otherwise: GO_1_25,
  },
};

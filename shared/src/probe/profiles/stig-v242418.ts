import type { TlsProfile } from '../profile.js';
import { KONVOY_1_7 } from './konvoy-1.7.js';

const STIG = 'DISA Kubernetes STIG, V-242418';

/** The four suites a Kubernetes API server may be configured with. */
export const STIG_V242418: TlsProfile = {
  ...KONVOY_1_7,
  name: 'stig-v242418',
  title: 'DISA Kubernetes STIG V-242418',
  versions: {
    rules: [
      {
        items: ['TLS 1.2', 'TLS 1.3'],
        standing: 'approved',
        source: 'DISA Kubernetes STIG, V-242378: TLS 1.2 at least',
      },
    ],
    otherwise: 'DISA Kubernetes STIG, V-242378: TLS 1.2 at least',
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
};

import type { HostMeasurement } from '@sealwatch/shared/measurement/host-measurement.js';
import type { PlatformObservation } from '@sealwatch/shared/platform/platform-observation.js';
import { value } from '@sealwatch/shared/platform/fact.js';

const KERNEL = '4.18.0-553.el8_10.x86_64';

/** What a RHEL 8.10 host in FIPS mode says: nothing in it deviates. */
export const FIPS_HOST: PlatformObservation = {
  osRelease: value({
    id: 'rhel',
    versionId: '8.10',
    name: 'Red Hat Enterprise Linux',
    prettyName: 'Red Hat Enterprise Linux 8.10 (Ootpa)',
    platformId: 'platform:el8',
  }),
  kernelRelease: value(KERNEL),
  fipsEnabled: value('1'),
  commandLine: value({ fips: ['1'], boot: 'UUID=7c1f', skipsKernelCheck: false }),
  systemFips: value('present'),
  cryptoPolicy: {
    configured: value({ base: 'FIPS', subpolicies: [] }),
    applied: value({ base: 'FIPS', subpolicies: [] }),
    backEnds: value([{ name: 'openssl', source: { state: 'shipped', policy: 'FIPS' } }]),
    ownDefinitions: { state: 'absent' },
  },
  dracut: { module: value('present'), configuration: value({ adds: true, omits: false }) },
  prelink: { configured: { state: 'absent' }, cache: { state: 'absent' } },
  kernelImages: [
    {
      path: `/boot/vmlinuz-${KERNEL}`,
      sidecar: `/boot/.vmlinuz-${KERNEL}.hmac`,
      seal: { state: 'matches', algorithm: 'sha512', key: 'hmaccalc' },
    },
  ],
  libraries: value({
    sealed: [
      {
        path: '/usr/lib64/libcrypto.so.1.1.1k',
        sidecar: '/usr/lib64/.libcrypto.so.1.1.1k.hmac',
        seal: { state: 'matches', algorithm: 'sha256', key: 'fipscheck' },
      },
    ],
    unsealed: [],
  }),
  mounts: {
    over: value([{ mountPoint: '/proc', fsType: 'proc', root: '/', origin: null }]),
    fipsEnabledOn: 'proc',
    commandLineOn: 'proc',
  },
};

/** The same host, after somebody turned FIPS mode off in every place it is turned on. */
export const NON_FIPS_HOST: PlatformObservation = {
  ...FIPS_HOST,
  fipsEnabled: value('0'),
  commandLine: value({ fips: [], boot: null, skipsKernelCheck: false }),
  cryptoPolicy: {
    ...FIPS_HOST.cryptoPolicy,
    configured: value({ base: 'DEFAULT', subpolicies: [] }),
    applied: value({ base: 'DEFAULT', subpolicies: [] }),
  },
};

export function platformMeasurement(changes: Partial<PlatformObservation> = {}): HostMeasurement {
  return {
    subject: { kind: 'host', aspect: 'platform' },
    observed: { state: 'platform', platform: { ...FIPS_HOST, ...changes } },
  };
}

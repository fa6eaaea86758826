import type { HostFindingCode } from '../appraisal/host-findings.js';
import type { PlatformFindingCode } from './platform-findings.js';

/** The two older codes say what `fips_enabled` alone said before. */
export type PlatformDeviationCode =
  PlatformFindingCode | Extract<HostFindingCode, 'host.fips-disabled' | 'host.fips-unreadable'>;

/** One thing about a host that is not as it should be; a value, like every finding. */
export interface PlatformDeviation {
  readonly code: PlatformDeviationCode;
  readonly expected: string;
  readonly observed: string;
}

export function deviation(code: PlatformDeviationCode, expected: string, observed: string): PlatformDeviation {
  return { code, expected, observed };
}

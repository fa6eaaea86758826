import type { OsRelease } from './os-release.js';

/**
 * The generation of Enterprise Linux a system is built as: it decides where FIPS settings stand. From 8 on there are
 * system-wide crypto policies.
 */
export type Generation = 7 | 8 | 9 | 10;

export interface OperatingSystem {
  /** `recognised` is known by name and laid out like its generation, but not one that Sealwatch is made for. */
  readonly support: 'supported' | 'recognised' | 'unsupported';
  /** `CentOS Linux 7.9`, `Rocky Linux 8.10`; what an unknown system calls itself */
  readonly name: string;
  readonly generation: Generation | null;
  /** Whether its vendor ever had the system's modules validated. SSG's `installed_OS_is_FIPS_certified` leaves CentOS out. */
  readonly vendorValidates: boolean | null;
}

interface Family {
  readonly name: string;
  /** By the major version. */
  readonly generations: Readonly<Record<string, Generation>>;
  readonly supported: readonly Generation[];
  readonly vendorValidates: boolean | null;
}

const EL: Readonly<Record<string, Generation>> = { '7': 7, '8': 8, '9': 9, '10': 10 };
const REBUILD: Readonly<Record<string, Generation>> = { '8': 8, '9': 9, '10': 10 };

/** By os-release's ID. `null`: nobody looked. */
const FAMILIES: Readonly<Record<string, Family>> = {
  rhel: { name: 'Red Hat Enterprise Linux', generations: EL, supported: [7, 8], vendorValidates: true },
  centos: { name: 'CentOS Linux', generations: EL, supported: [7, 8], vendorValidates: false },
  rocky: { name: 'Rocky Linux', generations: REBUILD, supported: [], vendorValidates: null },
  almalinux: { name: 'AlmaLinux', generations: REBUILD, supported: [], vendorValidates: null },
  ol: { name: 'Oracle Linux', generations: EL, supported: [], vendorValidates: null },
  amzn: { name: 'Amazon Linux', generations: { '2': 7, '2023': 9 }, supported: [], vendorValidates: null },
};

const STREAM: Family = { name: 'CentOS Stream', generations: REBUILD, supported: [], vendorValidates: false };

/** Which system this is. A version of a known family that is not in the table is as unsupported as an unknown family. */
export function operatingSystem(release: OsRelease): OperatingSystem {
  const family = familyOf(release);
  const [major = ''] = release.versionId.split('.');
  const generation =
    family !== undefined && Object.hasOwn(family.generations, major) ? family.generations[major] : undefined;
  if (family === undefined || generation === undefined) {
    const name = release.prettyName || `${release.name || release.id} ${release.versionId}`.trim();
    return { support: 'unsupported', name, generation: null, vendorValidates: null };
  }
  return {
    support: family.supported.includes(generation) ? 'supported' : 'recognised',
    name: `${family.name} ${release.versionId}`,
    generation,
    vendorValidates: family.vendorValidates,
  };
}

/** CentOS Linux and CentOS Stream share their ID; only their names differ. */
function familyOf({ id, name }: OsRelease): Family | undefined {
  if (id === 'centos' && /\bStream\b/.test(name)) return STREAM;
  return Object.hasOwn(FAMILIES, id) ? FAMILIES[id] : undefined;
}

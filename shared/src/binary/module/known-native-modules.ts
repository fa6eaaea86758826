/**
 * Frozen versions of Go's own module. Their bytes differ in each program, so a program only names its version
 * (`GOFIPS140`, and the paths of its functions); a toolchain that was altered names it just as well.
 */
export interface KnownNativeModule {
  readonly name: string;
  readonly version: string;
  readonly certificates: readonly string[];
  readonly provenance: string;
}

const KNOWN: readonly KnownNativeModule[] = [
  {
    name: 'Go Cryptographic Module',
    version: 'v1.0.0-c2097c7c',
    certificates: ['5247'],
    provenance: 'golang/go lib/fips140/certified.txt',
  },
];

/** Go 1.24 and 1.25 leave out the part behind the dash. Undefined for a frozen version that is not known here. */
export function knownNativeModule(version: string): KnownNativeModule | undefined {
  return KNOWN.find((module) => module.version === version || module.version.replace(/-.*/, '') === version);
}

/** `v1.0.0`, `v1.0.0-c2097c7c`; not `latest` or `off`, which are whatever the toolchain has. */
export function isFrozenVersion(version: string): boolean {
  return /^v\d+\.\d+\.\d+(-[0-9a-f]{8})?$/.test(version);
}

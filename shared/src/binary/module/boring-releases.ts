/** The module that a release of the branch dev.boringcrypto says it has (golang/go misc/boring/VERSION); a name, no proof. */
export interface BoringRelease {
  readonly version: string;
  /** The module's own, and those of others who had the same source validated. */
  readonly certificates: readonly string[];
}

const RELEASES: readonly { readonly from: number; readonly to: number; readonly release: BoringRelease }[] = [
  { from: 1, to: 4, release: { version: '24e5886c0edfc409c8083d10f9f1120111efd6f5', certificates: ['2964'] } },
  { from: 5, to: 6, release: { version: '66005f41fbc3529ffe8d007708756720529da20d', certificates: ['3318', '3702'] } },
  { from: 7, to: 7, release: { version: 'ae223d6138807a13006342edfeef32e813246b39', certificates: ['3678'] } },
];

/** @param suffix N of `go1.15.3bN` */
export function boringRelease(suffix: number): BoringRelease | undefined {
  return RELEASES.find(({ from, to }) => suffix >= from && suffix <= to)?.release;
}

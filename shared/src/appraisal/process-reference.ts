/** What one component's processes may be made of. */
export interface ProcessReference {
  /** Digests of its signed files, and of every executable of its signed images. */
  readonly programs: ReadonlySet<string>;
  /** Its signed files that are on the host. */
  readonly installed: readonly { readonly path: string; readonly digest: string }[];
  /** Digests of what its images hold beside, and of every signed file. */
  readonly libraries: ReadonlySet<string>;
  /** `NAME=VALUE` that its images set themselves. */
  readonly variables: ReadonlySet<string>;
  /** Key ids of packages whose libraries are trusted, lower-case hex. */
  readonly libraryKeys: ReadonlySet<string>;
  readonly compilesAtRunTime: boolean;
}

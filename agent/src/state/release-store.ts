import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { openRelease, type ReleaseBundle, type VerifiedRelease } from '@sealwatch/shared/trust/open-release.js';
import { type HighestRelease, readHighestRelease, readReleaseBundle, writeRelease } from './release-files.js';
import type { TrustAnchors } from './trust-anchors.js';

type ReleaseTrust = Pick<TrustAnchors, 'clusterKey' | 'inception'>;

/** The release in force on this host, verified before every use and remembered for ever. */
export class ReleaseStore {
  readonly #directory: string;
  readonly #trust: ReleaseTrust;
  #current: VerifiedRelease | undefined;
  #highest: HighestRelease | undefined;

  constructor(deps: { directory: string; trust: ReleaseTrust }) {
    this.#directory = deps.directory;
    this.#trust = deps.trust;
  }

  /**
   * Takes up what is stored. After an error there is no current release, but the highest version still counts if it
   * could be read; the collector's next update mends the rest.
   * @throws CodedError('release.rollback' | 'store.corrupt' | 'file.*', and as `openRelease` does)
   */
  async load(): Promise<void> {
    this.#highest = await readHighestRelease(this.#directory);
    const bundle = await readReleaseBundle(this.#directory);
    if (bundle === undefined) return;
    const verified = openRelease(bundle, this.#trust);
    this.#refuseRollback(verified);
    this.#highest = markOf(verified);
    this.#current = verified;
  }

  current(): VerifiedRelease | undefined {
    return this.#current;
  }

  /**
   * Verifies, stores, then uses.
   * @returns false if this very release is in force already
   * @throws CodedError('release.rollback' | 'store.full' | 'store.unavailable', and as `openRelease` does)
   */
  async accept(bundle: ReleaseBundle): Promise<boolean> {
    const verified = openRelease(bundle, this.#trust);
    this.#refuseRollback(verified);
    if (this.#current?.digest === verified.digest) return false;
    await writeRelease(this.#directory, verified);
    this.#highest = markOf(verified);
    this.#current = verified;
    return true;
  }

  #refuseRollback({ release: { version }, digest }: VerifiedRelease): void {
    const highest = this.#highest;
    if (highest === undefined || version > highest.version) return;
    if (version === highest.version && digest === highest.digest) return;
    const problem =
      version < highest.version
        ? `release ${String(version)} is older than release ${String(highest.version)}, which this host has accepted`
        : `there are two releases ${String(version)}; this host has accepted the other one`;
    throw new CodedError('release.rollback', problem);
  }
}

function markOf({ release, digest }: VerifiedRelease): HighestRelease {
  return { version: release.version, digest };
}

import { type Verdict, VERDICTS, worst } from '@sealwatch/shared/appraisal/verdict.js';

/** What a host adds to what is said of the cluster. */
export interface HostShare {
  /** Of a declared host; null for another, which has no say. */
  readonly verdict: Verdict | null;
  /** Enrolled, and no release in force declares it. */
  readonly isUndeclared: boolean;
}

/** All hosts summed up, so that a word about one of thousands costs no look at the others. */
export class ClusterTally {
  readonly #shares = new Map<string, HostShare>();
  readonly #counts = new Map<Verdict, number>();
  readonly #undeclared = new Set<string>();

  /** In place of what was said of the host before. */
  set(name: string, share: HostShare): void {
    this.#count(this.#shares.get(name)?.verdict ?? null, -1);
    this.#count(share.verdict, 1);
    if (share.isUndeclared) this.#undeclared.add(name);
    else this.#undeclared.delete(name);
    this.#shares.set(name, share);
  }

  /** Of the declared hosts; `unknown` if there is none. */
  get worst(): Verdict {
    return worst(VERDICTS.filter((verdict) => (this.#counts.get(verdict) ?? 0) > 0));
  }

  get undeclared(): readonly string[] {
    return [...this.#undeclared];
  }

  #count(verdict: Verdict | null, by: 1 | -1): void {
    if (verdict !== null) this.#counts.set(verdict, (this.#counts.get(verdict) ?? 0) + by);
  }
}

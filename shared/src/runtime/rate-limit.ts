/** So many at once, and so many each second after that. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** More keys than this are looked through for full buckets, which remember nothing. */
const SWEEP_ABOVE = 4096;

/** Token buckets, one per key. */
export class RateLimit {
  readonly #rate: Rate;
  readonly #monotonic: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(deps: { rate: Rate; monotonic: () => number }) {
    this.#rate = deps.rate;
    this.#monotonic = deps.monotonic;
  }

  /** True if there was a token left for `key`. */
  take(key: string): boolean {
    const bucket = this.#filled(key);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Takes tokens that may still have to come. Returns the milliseconds until they have. */
  reserve(key: string, tokens = 1): number {
    const bucket = this.#filled(key);
    bucket.tokens -= tokens;
    return bucket.tokens >= 0 ? 0 : Math.ceil((-bucket.tokens / this.#rate.perSecond) * 1000);
  }

  #filled(key: string): Bucket {
    const now = this.#monotonic();
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= SWEEP_ABOVE) this.#sweep(now);
      this.#buckets.set(key, (bucket = { tokens: this.#rate.burst, at: now }));
    }
    bucket.tokens = this.#level(bucket, now);
    bucket.at = now;
    return bucket;
  }

  #level({ tokens, at }: Bucket, now: number): number {
    return Math.min(this.#rate.burst, tokens + ((now - at) / 1000) * this.#rate.perSecond);
  }

  #sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#level(bucket, now) >= this.#rate.burst) this.#buckets.delete(key);
    }
  }
}

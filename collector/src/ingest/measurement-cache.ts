import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';

const MAX_ENTRIES = 50_000;

/** Decoded measurements by digest. Hosts of one release measure the same bytes, so a fleet shares most of them. */
export class MeasurementCache {
  readonly #entries = new Map<Digest, Measurement>();

  get(digest: Digest): Measurement | undefined {
    return this.#entries.get(digest);
  }

  set(digest: Digest, measurement: Measurement): void {
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.clear();
    this.#entries.set(digest, measurement);
  }
}

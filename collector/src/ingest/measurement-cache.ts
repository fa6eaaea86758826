import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';

/** A body that was decoded, and what it came to. */
export interface DecodedMeasurement {
  readonly digest: Digest;
  readonly measurement: Measurement;
  /** Of the body. */
  readonly bytes: number;
}

/** Of bodies; decoded they take some times as much. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Decoded measurements by the digest of the bytes they were decoded from. Hosts of one release measure the same bytes,
 * so a fleet shares most of them. Two generations: what is asked for moves to the young one, and when that is half of
 * the bound the old one is let go, so that no host can push out what all the others use.
 */
export class MeasurementCache {
  readonly #generationBytes: number;
  #young = new Map<Digest, DecodedMeasurement>();
  #old: ReadonlyMap<Digest, DecodedMeasurement> = new Map();
  #youngBytes = 0;

  constructor(maxBytes: number = MAX_BYTES) {
    this.#generationBytes = maxBytes / 2;
  }

  get(digest: Digest): Measurement | undefined {
    const young = this.#young.get(digest);
    if (young !== undefined) return young.measurement;
    const old = this.#old.get(digest);
    if (old !== undefined) this.add(old);
    return old?.measurement;
  }

  /** One that is larger than half of the bound is not kept. */
  add(decoded: DecodedMeasurement): void {
    const { digest, bytes } = decoded;
    if (bytes > this.#generationBytes || this.#young.has(digest)) return;
    if (this.#youngBytes + bytes > this.#generationBytes) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngBytes = 0;
    }
    this.#young.set(digest, decoded);
    this.#youngBytes += bytes;
  }
}

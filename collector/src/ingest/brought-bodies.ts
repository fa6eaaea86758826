import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';

/** All bodies of one report are far less; without a bound one host could fill our memory before it is judged. */
const MAX_BYTES = 16 * 1024 * 1024;

/** What a stream brought for the report that is looked at, and nothing else: who sends more is not listened to. */
export class BroughtBodies {
  readonly #bodies = new Map<Digest, Buffer>();
  #wanted: ReadonlySet<Digest> = new Set();
  #bytes = 0;

  get all(): ReadonlyMap<Digest, Buffer> {
    return this.#bodies;
  }

  /** Begins with another report: what belongs to the one before is let go. */
  expect(wanted: Iterable<Digest>): void {
    this.#wanted = new Set(wanted);
    for (const [digest, bytes] of this.#bodies) {
      if (this.#wanted.has(digest)) continue;
      this.#bodies.delete(digest);
      this.#bytes -= bytes.length;
    }
  }

  /** @throws CodedError('limit.exceeded') */
  take(bodies: readonly MeasurementBody[]): void {
    for (const { digest, bytes } of bodies) {
      if (!this.#wanted.has(digest) || this.#bodies.has(digest)) continue;
      this.#bytes += bytes.length;
      if (this.#bytes > MAX_BYTES) {
        throw new CodedError('limit.exceeded', `a report brings more than ${String(MAX_BYTES)} bytes of measurements`);
      }
      this.#bodies.set(digest, bytes);
    }
  }
}

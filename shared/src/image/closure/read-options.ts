import type { HashOptions } from '../../hashing/hash-file.js';
import { CodedError } from '../../runtime/coded-error.js';

/** How a long reading shares the machine, and stops. */
export interface ReadOptions extends Pick<HashOptions, 'sliceBytes' | 'pause' | 'onBytes'> {
  readonly signal?: AbortSignal;
}

const SLICE_BYTES = 512 * 1024;

/** Counts work and lets the event loop turn between slices of it. */
export class WorkSlices {
  readonly #options: ReadOptions;
  #untilPause: number;

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#untilPause = options.sliceBytes ?? SLICE_BYTES;
  }

  /** @throws CodedError('request.cancelled') */
  async spend(bytes: number): Promise<void> {
    this.#untilPause -= bytes;
    if (this.#untilPause <= 0) await this.pause();
  }

  /** @throws CodedError('request.cancelled') */
  async pause(): Promise<void> {
    const { pause = nextTurn, sliceBytes = SLICE_BYTES, signal } = this.#options;
    if (signal?.aborted === true) throw new CodedError('request.cancelled', 'reading the image was cancelled');
    await pause();
    this.#untilPause = sliceBytes;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

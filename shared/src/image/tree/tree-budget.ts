import { CodedError } from '../../runtime/coded-error.js';

export interface TreeLimits {
  /** Archive members of all layers, and names they make. */
  readonly maxEntries: number;
  /** Bytes of sparse files: their holes are hashed, and cost nothing to write down. */
  readonly maxSparseBytes: number;
}

const DEFAULT_TREE_LIMITS: TreeLimits = { maxEntries: 500_000, maxSparseBytes: 16 * 1024 ** 3 };

/** Names looked up per entry allowed: paths are some ten names long. */
const LOOKUPS_PER_ENTRY = 100;
const MAX_NOTES = 20;

/** What all layers of one image may cost together, and what a publisher should hear about them. */
export class TreeBudget {
  readonly #limits: TreeLimits;
  readonly #notes: string[] = [];
  #unsaid = 0;
  #entries = 0;
  #nodes = 0;
  #sparseBytes = 0;
  #lookups = 0;

  constructor(limits: TreeLimits = DEFAULT_TREE_LIMITS) {
    this.#limits = limits;
  }

  /** @throws CodedError('limit.exceeded'), as all of these */
  spendEntry(): void {
    if (++this.#entries > this.#limits.maxEntries) throw this.#exceeded(`more than ${this.#count} entries`);
  }

  spendNode(): void {
    if (++this.#nodes > this.#limits.maxEntries) throw this.#exceeded(`more than ${this.#count} files and directories`);
  }

  spendSparseBytes(bytes: number): void {
    this.#sparseBytes += bytes;
    const { maxSparseBytes } = this.#limits;
    if (this.#sparseBytes > maxSparseBytes) {
      throw this.#exceeded(`sparse files of more than ${String(maxSparseBytes)} bytes`);
    }
  }

  /** Bound to this: handed on as a callback. */
  readonly spendLookup = (): void => {
    if (++this.#lookups > LOOKUPS_PER_ENTRY * this.#limits.maxEntries) {
      throw this.#exceeded('paths through so many links that no end is in sight');
    }
  };

  note(text: string): void {
    if (this.#notes.length < MAX_NOTES) this.#notes.push(text);
    else this.#unsaid++;
  }

  get notes(): readonly string[] {
    return this.#unsaid === 0 ? this.#notes : [...this.#notes, `and ${String(this.#unsaid)} more of these`];
  }

  get #count(): string {
    return String(this.#limits.maxEntries);
  }

  #exceeded(what: string): CodedError {
    return new CodedError('limit.exceeded', `the image has ${what}`);
  }
}

import { CodedError } from './coded-error.js';
import type { ErrorCode } from './error-codes.js';

/**
 * Collects everything wrong with one input, each with its path, so that the user mends it in one go.
 * `hosts[2].name: must be lower case`
 */
export class Problems {
  readonly #found: string[] = [];

  add(path: string, message: string): void {
    this.#found.push(path === '' ? message : `${path}: ${message}`);
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  get list(): readonly string[] {
    return this.#found;
  }

  /** @throws CodedError(code) naming every problem, if there is one */
  throwIfAny(code: ErrorCode, what: string): void {
    if (!this.any) return;
    const lines = this.#found.map((problem) => `\n  - ${problem}`).join('');
    throw new CodedError(code, `${what}:${lines}`);
  }
}

/** Paths below the host root, each once, as bytes. */
export class AskedPaths {
  /** Latin-1 keeps every byte. */
  readonly #paths = new Set<string>();

  add(path: string | Buffer): void {
    this.#paths.add((typeof path === 'string' ? Buffer.from(path) : path).toString('latin1'));
  }

  /** Where a walk ended, as its steps. */
  addSteps(steps: readonly Buffer[]): void {
    this.add(Buffer.concat(steps.flatMap((step) => [Buffer.from('/'), step])));
  }

  list(): Buffer[] {
    return [...this.#paths].map((path) => Buffer.from(path, 'latin1'));
  }
}

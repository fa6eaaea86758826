import type { ComparingOptions } from './compare-text.js';
import type { PackageDatabase } from './package-database.js';

export interface MeasuringOptions extends ComparingOptions {
  /** Asked about each mapped library of a process in the host's root; nobody is if there is none. */
  readonly packages?: PackageDatabase;
  /** Ends the measuring before the next file. */
  readonly signal?: AbortSignal;
}

import type { Disturbance } from './disturbance.js';

/** A path of the host to be watched, and what it says when something happens to it. */
export interface WatchedPath {
  /** Path text, below the host root. */
  readonly path: string;
  readonly disturbs: readonly Disturbance[];
  /**
   * A directory whose entries count, too: every one, or those whose name matches (as Latin-1). Not what is below them,
   * and of a link's target only if it lies in a watched directory.
   */
  readonly children?: true | RegExp;
}

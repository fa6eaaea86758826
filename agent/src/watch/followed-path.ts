import type { Disturbance } from './disturbance.js';
import type { InodeWatch, Interest } from './inode-watch.js';

/** A path that is being watched. */
export interface FollowedPath {
  readonly id: string;
  /** Path text. */
  readonly text: string;
  readonly path: Buffer;
  readonly children: true | RegExp | undefined;
  disturbs: readonly Disturbance[];
  trail: Trail;
  /** Something happened since the trail was walked that can have changed it. */
  isStale: boolean;
}

/** Where a path led when it was walked, and what is watched there. */
export interface Trail {
  readonly uses: readonly Use[];
  /** Below the host root, without symlinks: the names looked up, but for those on the way to another of them. */
  readonly places: readonly Buffer[];
  /** What it ended at: an inode, or why it ended nowhere. */
  readonly end: string;
  readonly isMissing: boolean;
  /** Why some of it is not watched; null: all is. */
  readonly unwatched: string | null;
  /** What the places look like; null while they are watched. */
  readonly stamp: string | null;
}

export interface Use {
  readonly watch: InodeWatch<FollowedPath>;
  readonly interest: Interest;
}

export const NO_TRAIL: Trail = {
  uses: [],
  places: [],
  end: '',
  isMissing: true,
  unwatched: null,
  stamp: null,
};

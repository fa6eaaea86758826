import type { BigIntStats } from 'node:fs';
import { fileId } from '../measure/process/file-id.js';
import { InodeWatch, type InodeWatchDeps } from './inode-watch.js';

export interface WatchPoolDeps<F> extends Pick<InodeWatchDeps<F>, 'watch' | 'onEvent'> {
  readonly maxWatches: number;
}

/** There are as many watches as there may be. */
export class TooManyWatches extends Error {}

/** The watches in use, one for each inode. */
export class WatchPool<F> {
  readonly #deps: WatchPoolDeps<F>;
  readonly #watches = new Map<string, InodeWatch<F>>();

  constructor(deps: WatchPoolDeps<F>) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#watches.size;
  }

  /** The watch on what a descriptor is open on. @throws a system error, `TooManyWatches` */
  at(fd: number, stat: BigIntStats): InodeWatch<F> {
    const key = fileId(stat);
    const known = this.#watches.get(key);
    if (known !== undefined) return known;
    const { maxWatches, watch, onEvent } = this.#deps;
    if (this.#watches.size >= maxWatches) throw new TooManyWatches(`more than ${String(maxWatches)} watches`);
    const made = new InodeWatch<F>({ key, fd, isDirectory: stat.isDirectory(), watch, onEvent });
    this.#watches.set(key, made);
    return made;
  }

  /** The inode's number may be another's by now: who asks again gets a new watch. */
  retire(watch: InodeWatch<F>): void {
    watch.close();
    if (this.#watches.get(watch.key) === watch) this.#watches.delete(watch.key);
  }

  closeAll(): void {
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
  }
}

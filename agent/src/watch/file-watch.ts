import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { pathBytes } from '@sealwatch/shared/subject/path-text.js';
import { armPath } from './arm-path.js';
import { Coalescer } from './coalesce.js';
import type { Disturbance } from './disturbance.js';
import { FloodGauge } from './flood-gauge.js';
import { type FollowedPath, NO_TRAIL, type Use } from './followed-path.js';
import { type InodeEvent, type InodeWatch, interestKey } from './inode-watch.js';
import { leadsThrough } from './leads-through.js';
import { mergeDisturbances } from './merge-disturbances.js';
import { stampOf } from './stamp-of.js';
import { type WatchInode, watchInode } from './watch-inode.js';
import { WatchPool } from './watch-pool.js';
import type { WatchedPath } from './watched-path.js';

export interface FileWatchDeps {
  /** Where the host's file system is seen from here: `/proc/1/root`. */
  readonly hostRoot: string;
  readonly onDisturbed: (disturbance: Disturbance) => void;
  readonly clock: Clock;
  readonly log: Logger;
  /** Directories and files watched at the same time; default 4096. */
  readonly maxWatches?: number;
  /** Default: inotify. */
  readonly watch?: WatchInode;
  /** Milliseconds between two looks at what can't be watched, default 3000. */
  readonly lookEveryMs?: number;
}

export interface FileWatchState {
  readonly paths: number;
  /** Of these, those where nothing is now. */
  readonly missing: number;
  /** inotify watches in use. */
  readonly watches: number;
  readonly unwatched: readonly UnwatchedPath[];
  /** Since the start: events heard, and how often there were too many of them. */
  readonly events: number;
  readonly overflows: number;
}

export interface UnwatchedPath {
  /** Path text. */
  readonly path: string;
  readonly reason: string;
}

const MAX_WATCHES = 4096;
const LOOK_EVERY_MS = 3000;
/** So many looks until what is missing or not watched is tried again. */
const LOOKS_UNTIL_RETRY = 10;
/** What is missing is heard of when it comes, through the nearest directory that is there: this is for when it is not. */
const LOOKS_UNTIL_MISSING = 100;
/** Everything is looked at when there were too many events; that lasts. */
const FLOOD_TIMING = { firstDelayMs: 1000, lastDelayMs: 10_000 };

/**
 * Says when something happens to files: written (through whatever name), replaced, removed, made, given other rights,
 * or reached through another directory. Watches each file, the directory it is in and those above, below the host
 * root. What dies with what it watched is put in place again before anything is said. Writes through a shared mapping
 * and mounts make no event.
 */
export class FileWatch {
  readonly #deps: FileWatchDeps;
  readonly #followed = new Map<string, FollowedPath>();
  readonly #pool: WatchPool<FollowedPath>;
  readonly #gauge: FloodGauge;
  readonly #paths: Coalescer<FollowedPath>;
  readonly #floods: Coalescer<'flood'>;
  readonly #looking: NodeJS.Timeout;
  #work: Promise<void> = Promise.resolve();
  #isLookDue = false;
  #looks = 0;
  #events = 0;
  #overflows = 0;
  #flooded: string | undefined;
  #isRefusalLogged = false;
  #stopped = false;

  constructor(deps: FileWatchDeps) {
    this.#deps = deps;
    const { clock, watch = watchInode, maxWatches = MAX_WATCHES, lookEveryMs = LOOK_EVERY_MS } = deps;
    this.#pool = new WatchPool<FollowedPath>({
      watch,
      maxWatches,
      onEvent: (from, event) => {
        this.#hear(from, event);
      },
    });
    this.#gauge = new FloodGauge({ clock });
    this.#paths = new Coalescer({
      clock,
      onDue: (due) => {
        void this.#inTurn(() => this.#say(due));
      },
    });
    this.#floods = new Coalescer({
      clock,
      onDue: () => {
        void this.#inTurn(() => this.#sayEverything());
      },
      timing: FLOOD_TIMING,
    });
    this.#looking = setInterval(() => {
      if (this.#isLookDue) return;
      this.#isLookDue = true;
      void this.#inTurn(() => this.#lookAgain());
    }, lookEveryMs);
    this.#looking.unref();
  }

  /**
   * Watches these paths and no others; those that were watched before go on undisturbed. Resolves when all are: what
   * happens from then on is said, so look at the files after it. Never rejects.
   */
  follow(list: readonly WatchedPath[]): Promise<void> {
    return this.#inTurn(async () => {
      const wanted = this.#wanted(list);
      for (const [id, followed] of this.#followed) {
        if (!wanted.has(id)) this.#leave(followed);
      }
      for (const [id, { path, disturbs, children }] of wanted) {
        const known = this.#followed.get(id);
        if (known !== undefined) {
          known.disturbs = disturbs;
          continue;
        }
        const bytes = pathBytes(path);
        if (bytes === undefined) continue;
        const followed = { id, text: path, path: bytes, children, disturbs, trail: NO_TRAIL, isStale: false };
        this.#followed.set(id, followed);
        await this.#arm(followed);
      }
    });
  }

  /**
   * Something was mounted there, or unmounted.
   * @param mountPoint below the host root
   * @returns whether a watched path leads through it; then that is said
   */
  mounted(mountPoint: Buffer): boolean {
    const concerned = [...this.#followed.values()].filter((followed) => leadsThrough(followed, mountPoint));
    for (const followed of concerned) this.#disturb(followed, true);
    return concerned.length > 0;
  }

  state(): FileWatchState {
    const all = [...this.#followed.values()];
    return {
      paths: all.length,
      missing: all.filter(({ trail }) => trail.isMissing).length,
      watches: this.#pool.size,
      unwatched: all.flatMap(({ text, trail: { unwatched } }) =>
        unwatched === null ? [] : [{ path: text, reason: unwatched }],
      ),
      events: this.#events,
      overflows: this.#overflows,
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#looking);
    this.#paths.stop();
    this.#floods.stop();
    await this.#work;
    this.#pool.closeAll();
  }

  /** By identity, the disturbances of one path together. */
  #wanted(list: readonly WatchedPath[]): Map<string, WatchedPath> {
    const wanted = new Map<string, WatchedPath>();
    for (const one of list) {
      const { path, children } = one;
      const id = `${path}\0${children === undefined || children === true ? String(children) : children.source}`;
      const disturbs = mergeDisturbances([...(wanted.get(id)?.disturbs ?? []), ...one.disturbs]);
      wanted.set(id, { ...one, disturbs });
    }
    return wanted;
  }

  #hear(watch: InodeWatch<FollowedPath>, { followers, moved, ended }: InodeEvent<FollowedPath>): void {
    if (this.#stopped || this.#flooded !== undefined) return;
    this.#events += 1;
    const flood = this.#gauge.count();
    if (flood !== undefined) {
      this.#overflow(flood);
      return;
    }
    if (ended) this.#pool.retire(watch);
    for (const followed of followers) this.#disturb(followed, moved);
  }

  #disturb(followed: FollowedPath, moved: boolean): void {
    if (moved) followed.isStale = true;
    this.#paths.hear(followed);
  }

  /** Nothing is heard until everything is watched anew: who makes so many events must not keep this program busy. */
  #overflow(reason: string): void {
    this.#flooded = reason;
    this.#overflows += 1;
    this.#pool.closeAll();
    this.#deps.log.warn({ reason }, 'Events of files may be lost; everything is looked at');
    this.#floods.hear('flood');
  }

  async #sayEverything(): Promise<void> {
    const reason = this.#flooded;
    if (reason === undefined) return;
    this.#flooded = undefined;
    for (const followed of this.#followed.values()) await this.#arm(followed);
    this.#deps.onDisturbed({ kind: 'everything', reason });
  }

  async #say(due: readonly FollowedPath[]): Promise<void> {
    // the list may have changed meanwhile
    const current = due.filter((followed) => this.#followed.get(followed.id) === followed);
    for (const followed of current) if (followed.isStale) await this.#arm(followed);
    if (this.#stopped) return;
    for (const disturbance of mergeDisturbances(current.flatMap(({ disturbs }) => disturbs))) {
      this.#deps.onDisturbed(disturbance);
    }
  }

  /** Without events: at what can't be watched always, and again at the way to it and to what is missing at times. */
  async #lookAgain(): Promise<void> {
    this.#isLookDue = false;
    const isDue = (every: number): boolean => this.#looks % every === 0;
    this.#looks += 1;
    for (const followed of this.#followed.values()) {
      const { trail } = followed;
      if (trail.stamp !== null && stampOf(this.#deps.hostRoot, trail.places) !== trail.stamp) {
        this.#disturb(followed, true);
      } else if (
        (trail.unwatched !== null && isDue(LOOKS_UNTIL_RETRY)) ||
        (trail.isMissing && isDue(LOOKS_UNTIL_MISSING))
      ) {
        await this.#arm(followed);
        const isSame = followed.trail.end === trail.end && followed.trail.unwatched === trail.unwatched;
        if (!isSame) this.#disturb(followed, false);
      }
    }
  }

  async #arm(followed: FollowedPath): Promise<void> {
    if (this.#stopped || this.#flooded !== undefined) return;
    const before = followed.trail.uses;
    followed.isStale = false;
    followed.trail = await armPath(this.#deps.hostRoot, followed, (fd, stat) => this.#pool.at(fd, stat));
    const kept = new Set(followed.trail.uses.map(useKey));
    this.#release(
      before.filter((use) => !kept.has(useKey(use))),
      followed,
    );
    this.#logRefusal(followed);
  }

  #logRefusal({ text, trail: { unwatched } }: FollowedPath): void {
    if (unwatched === null || this.#isRefusalLogged) return;
    this.#isRefusalLogged = true;
    this.#deps.log.warn(
      { path: text, reason: unwatched },
      'Not every path can be watched; scans see what happens there',
    );
  }

  #leave(followed: FollowedPath): void {
    this.#followed.delete(followed.id);
    this.#paths.forget(followed);
    this.#release(followed.trail.uses, followed);
  }

  #release(uses: readonly Use[], followed: FollowedPath): void {
    for (const { watch, interest } of uses) if (!watch.remove(interest, followed)) this.#pool.retire(watch);
  }

  /** One walk at a time. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(async () => {
      if (this.#stopped) return;
      try {
        await work();
      } catch (err) {
        this.#deps.log.error({ err }, 'The file watch failed; everything is looked at');
        this.#deps.onDisturbed({ kind: 'everything', reason: 'the file watch failed' });
      }
    });
    return this.#work;
  }
}

function useKey({ watch, interest }: Use): string {
  return `${watch.key} ${interestKey(interest)}`;
}

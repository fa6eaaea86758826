import type { WatchInode } from './watch-inode.js';

/** What of an inode somebody wants to hear. */
export type Interest =
  | { readonly of: 'itself' }
  /** Latin-1, which keeps every byte. */
  | { readonly of: 'entry'; readonly name: string }
  | { readonly of: 'entries'; readonly matching: RegExp | null };

/** Something happened to an inode. */
export interface InodeEvent<F> {
  /** Whom it concerns. */
  readonly followers: readonly F[];
  /** Their paths may lead elsewhere now. */
  readonly moved: boolean;
  /** It is no longer what it was: gone, moved, unmounted, or of other rights; the watch on it may be dead. */
  readonly ended: boolean;
}

export interface InodeWatchDeps<F> {
  readonly key: string;
  /** An open descriptor on it, needed no longer than the constructor runs. */
  readonly fd: number;
  readonly isDirectory: boolean;
  readonly watch: WatchInode;
  readonly onEvent: (watch: InodeWatch<F>, event: InodeEvent<F>) => void;
}

/** One inotify watch, shared by all who want to hear of that inode. */
export class InodeWatch<F> {
  readonly key: string;
  readonly #deps: InodeWatchDeps<F>;
  readonly #followers = new Map<string, { readonly interest: Interest; readonly who: Set<F> }>();
  readonly #watcher: { close(): void };

  /** @throws a system error if there can be no watch */
  constructor(deps: InodeWatchDeps<F>) {
    this.key = deps.key;
    this.#deps = deps;
    // the last step names the directory itself in its events: no entry has this name
    const path = `/proc/self/fd/${String(deps.fd)}${deps.isDirectory ? '/.' : ''}`;
    this.#watcher = deps.watch(path, (event, name) => {
      this.#hear(event, name);
    });
  }

  add(interest: Interest, follower: F): void {
    const key = interestKey(interest);
    const known = this.#followers.get(key);
    if (known === undefined) this.#followers.set(key, { interest, who: new Set([follower]) });
    else known.who.add(follower);
  }

  /** @returns whether anybody is left */
  remove(interest: Interest, follower: F): boolean {
    const key = interestKey(interest);
    const known = this.#followers.get(key);
    known?.who.delete(follower);
    if (known?.who.size === 0) this.#followers.delete(key);
    return this.#followers.size > 0;
  }

  close(): void {
    this.#watcher.close();
  }

  #hear(event: 'change' | 'rename', name: Buffer | null): void {
    const { isDirectory, onEvent } = this.#deps;
    const moved = event === 'rename';
    const entry = name?.toString('latin1') ?? ITSELF;
    if (!isDirectory || entry === ITSELF) {
      const followers = [...this.#followers.values()].flatMap(({ who }) => [...who]);
      onEvent(this, { followers, moved, ended: moved });
      return;
    }
    const followers = [...(this.#followers.get(interestKey({ of: 'entry', name: entry }))?.who ?? [])];
    for (const { interest, who } of this.#followers.values()) {
      if (interest.of === 'entries' && interest.matching?.test(entry) !== false) followers.push(...who);
    }
    onEvent(this, { followers, moved, ended: false });
  }
}

const ITSELF = '.';

export function interestKey(interest: Interest): string {
  switch (interest.of) {
    case 'itself':
      return ITSELF;
    case 'entry':
      return `/${interest.name}`;
    case 'entries':
      return `*${interest.matching?.source ?? ''}`;
  }
}

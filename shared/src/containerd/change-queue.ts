import type { ContainerdChange } from './containerd-event.js';

/** More at once is no list to work through, but a reason to look at everything. */
const MAX_CHANGES = 256;

/** What changed since it was last emptied: each thing once, and never more than so many. */
export class ChangeQueue {
  readonly #changes = new Map<string, ContainerdChange>();
  #everything = false;

  /** @param change undefined: something, unknown what */
  add(change: ContainerdChange | undefined): void {
    if (this.#everything) return;
    if (change !== undefined) this.#changes.set(keyOf(change), change);
    if (change !== undefined && this.#changes.size <= MAX_CHANGES) return;
    this.#everything = true;
    this.#changes.clear();
  }

  clear(): void {
    this.#changes.clear();
    this.#everything = false;
  }

  /** Empties it. */
  take(): readonly ContainerdChange[] | 'everything' {
    const taken = this.#everything ? 'everything' : [...this.#changes.values()];
    this.clear();
    return taken;
  }
}

function keyOf(change: ContainerdChange): string {
  switch (change.kind) {
    case 'image':
      return `image ${change.name}`;
    case 'container':
      return `container ${change.id}`;
    case 'task':
      return `task ${change.containerId}`;
    case 'snapshot':
      return `snapshot ${change.key}`;
  }
}

import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import type { ContainerdChange } from '@sealwatch/shared/containerd/containerd-event.js';
import { ContainerdWatch, type WatchSignal, type WatchTiming } from '@sealwatch/shared/containerd/containerd-watch.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';

export interface ContainerdChangesDeps {
  readonly containerd: Pick<Containerd, 'subscribe' | 'version'>;
  /** Whether there is anything to follow: a policy that wants no image evidence asks nothing of containerd. */
  readonly isWanted: () => boolean;
  /** Whether a change is of something that is measured: most containers of a host are not. */
  readonly concerns: (change: ContainerdChange) => Promise<boolean>;
  /** Asks for a look at the images. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timing?: Partial<WatchTiming>;
}

/** A deployment is hundreds of events; they ask for one look. */
const BETWEEN_SCANS_MS = 1000;

/**
 * Between two scans: containerd's own word that an image, a container or a task is another. It is only a reason to look:
 * what is there, the scan sees. When the stream was lost, everything is looked at once it is back.
 */
export class ContainerdChanges {
  readonly #deps: ContainerdChangesDeps;
  readonly #watch: ContainerdWatch;
  #timer: NodeJS.Timeout | undefined;
  /** Monotonic. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #lost = false;
  #stopped = false;

  constructor(deps: ContainerdChangesDeps) {
    this.#deps = deps;
    this.#watch = new ContainerdWatch({
      ...deps,
      signal: (signal) => {
        void this.#hear(signal);
      },
    });
  }

  /** Begins, unless nothing is wanted; to be called again whenever that may have changed. */
  follow(): void {
    if (!this.#stopped && this.#deps.isWanted()) this.#watch.start();
  }

  state(): 'followed' | 'lost' | 'not wanted' {
    if (!this.#deps.isWanted()) return 'not wanted';
    return this.#lost ? 'lost' : 'followed';
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#watch.stop();
  }

  async #hear(signal: WatchSignal): Promise<void> {
    const { concerns, log } = this.#deps;
    switch (signal.kind) {
      case 'lost':
        this.#lost = true;
        log.warn({ reason: signal.reason }, "containerd's events are not heard; scans go on");
        return;
      case 'look':
        this.#lost = false;
        this.#ask();
        return;
      case 'changed':
        for (const change of signal.changes) {
          if (this.#timer !== undefined) return;
          if (await concerns(change)) this.#ask();
        }
    }
  }

  #ask(): void {
    const { clock, isWanted, onChange } = this.#deps;
    if (this.#stopped || this.#timer !== undefined) return;
    const wait = Math.max(0, this.#askedAt + BETWEEN_SCANS_MS - clock.monotonic());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#askedAt = clock.monotonic();
      if (isWanted()) onChange();
    }, wait);
  }
}

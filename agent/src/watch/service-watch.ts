import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { nextScanDelay } from '../cycle/next-scan-delay.js';

export interface ServiceWatchDeps {
  readonly host: string;
  /** Greets every service once; the names of those that answered otherwise than before. */
  readonly look: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Asks for a scan: whoever changed is probed in full there. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds; default: a minute. */
  readonly intervalMs?: number;
}

const EVERY_MS = 60_000;

/**
 * Between two scans: is every TLS service still there, with the same certificate and the same choice? One hello per
 * service and minute, at each host's own moment of the minute.
 */
export class ServiceWatch {
  readonly #deps: ServiceWatchDeps;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(deps: ServiceWatchDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#arrange();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #arrange(): void {
    const { host, clock, intervalMs = EVERY_MS } = this.#deps;
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(
      () => {
        this.#looking = this.#look().finally(() => {
          this.#arrange();
        });
      },
      nextScanDelay(host, clock.wall(), intervalMs),
    );
  }

  async #look(): Promise<void> {
    const { look, onChange, log } = this.#deps;
    try {
      const changed = await look(this.#stopping.signal);
      if (changed.length === 0) return;
      log.info({ services: changed }, 'A TLS service answers otherwise; probing it again');
      onChange();
    } catch (err) {
      if (!isCoded(err, 'request.cancelled')) log.warn({ err }, 'TLS services could not be greeted');
    }
  }
}

import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/log.js';
import type { ServiceManager } from './service-manager.js';

export interface ServiceNotifierDeps {
  /** Null: nobody started us who wants to know. */
  readonly manager: ServiceManager | null;
  /** Milliseconds for which the work under way has not got on; 0 if it does, or there is none. */
  readonly stillForMs: () => number;
  /** One line, for `systemctl status`. */
  readonly status: () => string;
  /** What `status` is at the end. */
  readonly farewell: string;
  readonly clock: Clock;
  readonly log: Logger;
}

const LOOK_EVERY_MS = 5000;
/** Of the watchdog's time: a look that comes late must not make a ping come too late. */
const LOOKS_IN_TIME = 6;
/** Of the watchdog's time: systemd before 246 can lose a message whose sender has already ended. */
const PINGS_IN_TIME = 3;
/** Of the watchdog's time: with the pings sent before it, no work is killed that was still for less than the whole. */
const STILL_TOO_LONG = 0.5;

/**
 * Keeps the service manager informed: ready, what the program is doing, and, as long as that gets on, that it is alive.
 * A message holds everything there is to say, so that one which gets lost is made good by the next.
 */
export class ServiceNotifier {
  readonly #deps: ServiceNotifierDeps;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();
  #said = '';
  /** Monotonic. */
  #saidAt = 0;
  #still = false;

  constructor(deps: ServiceNotifierDeps) {
    this.#deps = deps;
  }

  /** From now on the service is ready. */
  start(): void {
    if (this.#deps.manager === null) return;
    this.#look();
    this.#timer = setInterval(
      () => {
        this.#look();
      },
      Math.min(LOOK_EVERY_MS, this.#watchdogMs / LOOKS_IN_TIME),
    );
  }

  /** Says that the end has begun; resolves when that was said. */
  async stop(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#send(['STOPPING=1', `STATUS=${this.#deps.farewell}`]);
    await this.#sending;
  }

  get #watchdogMs(): number {
    return this.#deps.manager?.watchdogMs ?? Infinity;
  }

  #look(): void {
    const { stillForMs, status, clock, log } = this.#deps;
    const watchdogMs = this.#watchdogMs;
    const stillMs = stillForMs();
    if (stillMs >= watchdogMs * STILL_TOO_LONG) {
      if (!this.#still) log.error({ stillMs }, 'The work under way hangs; the service manager is told nothing more');
      this.#still = true;
      return;
    }
    this.#still = false;
    const line = status();
    const now = clock.monotonic();
    if (line === this.#said && now - this.#saidAt < watchdogMs / PINGS_IN_TIME) return;
    this.#said = line;
    this.#saidAt = now;
    this.#send(['READY=1', `STATUS=${line}`, 'WATCHDOG=1']);
  }

  /** One after the other. */
  #send(assignments: readonly string[]): void {
    const { manager, log } = this.#deps;
    this.#sending = this.#sending
      .then(() => manager?.notify(assignments))
      .catch((err: unknown) => {
        log.warn({ err }, 'Service manager not told');
      });
  }
}

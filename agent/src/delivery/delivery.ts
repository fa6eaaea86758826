import { setTimeout as sleep } from 'node:timers/promises';
import { type CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { type Backoff, backoffMs } from '@sealwatch/shared/runtime/backoff.js';
import { type DeliveryDeps, DeliverySession, type SessionEnd } from './delivery-session.js';

/** After an outage the network is back unannounced: no host stays away longer than this, fifteen seconds on average. */
export const RECONNECT_BACKOFF: Backoff = { firstMs: 500, mostMs: 30_000 };

/** A stream that held this long is a new beginning; one that did not counts as an attempt. */
const SETTLED_MS = 10_000;

/**
 * Keeps one stream to the collector for as long as the agent runs. What ends it is logged and tried again; only a chain
 * that must not be continued ends delivery for good.
 */
export class Delivery {
  readonly #deps: DeliveryDeps & { readonly backoff?: Backoff };
  readonly #stopping = new AbortController();
  #session: DeliverySession | undefined;
  #reconnecting = false;

  constructor(deps: DeliveryDeps & { readonly backoff?: Backoff }) {
    this.#deps = deps;
  }

  get connected(): boolean {
    return this.#session?.welcomed === true;
  }

  /** Resolves after `stop`. @throws CodedError('chain.lost' | 'chain.stale-epoch') */
  async run(): Promise<void> {
    const { clock, log, backoff = RECONNECT_BACKOFF } = this.#deps;
    for (let attempt = 0; !this.#stopped(); attempt++) {
      const started = clock.monotonic();
      this.#session = new DeliverySession(this.#deps);
      const { welcomed, error } = await this.#session.ended;
      this.#session = undefined;
      if (endsForGood(error)) throw error;
      if (this.#stopped()) break;
      if (welcomed && clock.monotonic() - started >= SETTLED_MS) attempt = 0;
      const retryInMs = this.#reconnecting ? 0 : backoffMs(backoff, attempt);
      this.#logEnd({ welcomed, error }, retryInMs);
      this.#reconnecting = false;
      await sleep(retryInMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
    log.debug('Delivery stopped');
  }

  /** A new stream, because what was announced or the certificate has changed. */
  reconnect(): void {
    if (this.#session === undefined) return;
    this.#reconnecting = true;
    this.#session.close();
  }

  /** Lets what waits go out, for as long as the collector takes it and at most `flushMs`; then closes. */
  async stop(flushMs: number): Promise<void> {
    if (this.connected) await this.#drained(flushMs);
    this.#stopping.abort();
    this.#session?.close();
    await this.#session?.ended;
  }

  async #drained(withinMs: number): Promise<void> {
    const { outbox } = this.#deps;
    const done = new AbortController();
    const unsubscribe = outbox.subscribe(() => {
      if (outbox.waiting().length === 0) done.abort();
    });
    void this.#session?.ended.then(() => {
      done.abort();
    });
    if (outbox.waiting().length > 0) {
      await sleep(withinMs, undefined, { signal: done.signal }).catch(() => undefined);
    }
    unsubscribe();
  }

  #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #logEnd({ welcomed, error }: SessionEnd, retryInMs: number): void {
    const { log } = this.#deps;
    if (this.#reconnecting || error === undefined) log.info({ retryInMs }, 'The stream to the collector ended');
    else log.warn({ code: error.code, err: error, retryInMs }, welcomed ? 'Connection lost' : 'Connection failed');
  }
}

function endsForGood(error: CodedError | undefined): error is CodedError {
  return isCoded(error, 'chain.lost') || isCoded(error, 'chain.stale-epoch');
}

import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { RateLimit } from '@sealwatch/shared/runtime/rate-limit.js';
import type { ReportWriter } from '../store/report-store.js';

/** What a host may raise at once, and after that: the first hundred tell as much as the ten thousand after them. */
const RATE = { burst: 100, perSecond: 1 / 60 };

/**
 * Alarms are kept for ever, with the statement that raised them, so a host that does nothing but lie must not fill the
 * disk with them. Those over its rate are counted, and the next one that is kept says how many there were.
 */
export class AlarmBook {
  readonly #store: Pick<ReportWriter, 'recordAlarm'>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #rate: RateLimit;
  readonly #passedOver = new Map<string, number>();

  constructor({ store, clock, log }: { store: Pick<ReportWriter, 'recordAlarm'>; clock: Clock; log: Logger }) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#rate = new RateLimit({ rate: RATE, monotonic: () => clock.monotonic() });
  }

  /** Never fails: an alarm that can't be recorded must not hide what raised it. */
  async raise(alarm: { host: string; code: string; message: string; envelope: Envelope | null }): Promise<void> {
    const { host, code, message } = alarm;
    const passedOver = this.#passedOver.get(host) ?? 0;
    if (!this.#rate.take(host)) {
      this.#passedOver.set(host, passedOver + 1);
      return;
    }
    this.#passedOver.delete(host);
    this.#log.warn({ host, code }, 'alarm');
    try {
      await this.#store.recordAlarm({
        ...alarm,
        at: timestamp(this.#clock.wall()),
        message: passedOver === 0 ? message : `${message} (and ${String(passedOver)} alarms before it, not kept)`,
      });
    } catch (err) {
      this.#log.error({ err, host, code }, 'alarm not recorded');
    }
  }
}

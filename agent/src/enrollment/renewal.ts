import { isCoded, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { type Backoff, backoffMs } from '@sealwatch/shared/runtime/backoff.js';
import { renewalDueAt, renewCertificates, type RenewingDeps } from './renew-certificates.js';

export interface CertificateRenewalDeps extends RenewingDeps {
  /** The TLS certificate, and maybe the signing key, are new. */
  readonly onRenewed: () => void;
  readonly log: Logger;
  readonly backoff?: Backoff;
}

/** Half of seven days is time enough for many attempts at this pace. */
const RETRY: Backoff = { firstMs: 10_000, mostMs: 3_600_000 };
/** Wall clocks jump and timers do not notice: the time is looked at this often. */
const LOOK_EVERY_MS = 600_000;

/**
 * Renews the TLS certificate at half its life and the signing certificate at half of its own, for as long as the agent
 * runs. A TLS certificate that expired meanwhile does not matter: the enrolment listener asks for the signing key.
 */
export class CertificateRenewal {
  readonly #deps: CertificateRenewalDeps;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #failures = 0;
  #stopped = false;

  constructor(deps: CertificateRenewalDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#arrange(this.#untilDue());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #arrange(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(
      () => {
        this.#running = this.#look();
      },
      Math.min(delayMs, LOOK_EVERY_MS),
    );
  }

  #untilDue(): number {
    const { identity, clock } = this.#deps;
    const due = Math.min(renewalDueAt(identity.tls), renewalDueAt(identity.signing));
    return Math.max(0, due - clock.wall());
  }

  async #look(): Promise<void> {
    const { identity, clock, onRenewed, log, backoff = RETRY } = this.#deps;
    if (this.#untilDue() > 0) {
      this.#arrange(this.#untilDue());
      return;
    }
    const signing = renewalDueAt(identity.signing) <= clock.wall();
    try {
      await renewCertificates({ signing }, this.#deps);
      this.#failures = 0;
      log.info({ signing, tlsExpires: timestamp(identity.tls.leaf.notAfter) }, 'Certificates renewed');
      onRenewed();
      // a certificate that is past half its life when it comes must not be asked for in a loop
      this.#arrange(Math.max(this.#untilDue(), backoff.firstMs));
    } catch (error) {
      const retryInMs = Math.max(backoff.firstMs, backoffMs(backoff, this.#failures));
      this.#failures += 1;
      const code = isCoded(error) ? error.code : 'internal';
      const tlsExpires = timestamp(identity.tls.leaf.notAfter);
      log.error({ code, err: reasonOf(error), tlsExpires, retryInMs }, 'Certificates not renewed');
      this.#arrange(retryInMs);
    }
  }
}

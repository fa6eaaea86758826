import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import { aborted } from '@sealwatch/shared/runtime/aborted.js';
import { type Clock } from '@sealwatch/shared/runtime/clock.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { type Timestamp, timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { ServiceNotifier } from '@sealwatch/shared/service-manager/service-notifier.js';
import type { Budget } from './budget/budget.js';
import type { ReportChain } from './chain/report-chain.js';
import type { Cycle } from './cycle/cycle.js';
import type { RecheckQueue } from './cycle/recheck-queue.js';
import type { ScanScheduler } from './cycle/scan-scheduler.js';
import type { Delivery } from './delivery/delivery.js';
import { deliveredOnce, type OnceDeps, type OnceOptions, type OnceOutcome } from './delivered-once.js';
import type { CertificateRenewal } from './enrollment/renewal.js';
import type { Outbox } from './outbox/outbox.js';
import type { StateLock } from './state/state-lock.js';
import { type RunningStatus, writeStatusFile } from './status/status-file.js';
import type { Watches } from './watch/watches.js';

export interface AgentDeps {
  readonly notifier: ServiceNotifier;
  readonly lock: StateLock;
  readonly outbox: Outbox;
  readonly chain: ReportChain;
  readonly cycle: Cycle;
  readonly scheduler: ScanScheduler;
  readonly rechecks: RecheckQueue;
  readonly watches: Watches;
  readonly containerd: Pick<Containerd, 'close'>;
  readonly delivery: Delivery;
  readonly renewal: CertificateRenewal;
  readonly budget: Pick<Budget, 'status'>;
  /** The policy's; undefined without a release. */
  readonly scanIntervalMs: () => number | undefined;
  readonly rejections: OnceDeps['rejections'];
  readonly statusFile: string;
  readonly clock: Clock;
  readonly log: Logger;
}

const STATUS_EVERY_MS = 3000;
/** A service manager that stops us waits 90 s; an operator waits less. */
const LAST_SCAN_MS = 3000;
const FLUSH_MS = 3000;

/** The running agent: its parts, started together and stopped in the order that loses nothing. */
export class Agent {
  readonly #deps: AgentDeps;
  readonly #startedAt: Timestamp;

  constructor(deps: AgentDeps) {
    this.#deps = deps;
    this.#startedAt = timestamp(deps.clock.wall());
  }

  /** Runs until `signal` is aborted. @throws CodedError('chain.lost' | 'chain.stale-epoch') if it must not go on */
  async run(signal: AbortSignal): Promise<void> {
    const { chain, scheduler, rechecks, watches, containerd, delivery, renewal, outbox, lock, notifier, log } =
      this.#deps;
    const unsubscribe = outbox.subscribe(() => {
      chain.retryDeferred().catch((err: unknown) => {
        log.error({ err }, 'Deferred report not signed');
      });
    });
    const status = setInterval(() => void this.#writeStatus(), STATUS_EVERY_MS);
    void this.#writeStatus();
    // what happens while the first scan goes on is heard
    void watches
      .start()
      .catch((err: unknown) => {
        log.error({ err }, 'Not everything is watched; scans go on');
      })
      .then(() => {
        scheduler.start();
      });
    renewal.start();
    const delivering = delivery.run();
    notifier.start();
    try {
      await Promise.race([delivering, aborted(signal)]);
      log.info('Stopping');
      const said = notifier.stop();
      await Promise.all([watches.stop(), rechecks.stop(), scheduler.stop()]);
      await this.#lastScan();
      await delivery.stop(FLUSH_MS);
      await delivering;
      await said;
    } finally {
      clearInterval(status);
      await Promise.all([watches.stop(), rechecks.stop(), scheduler.stop(), renewal.stop(), notifier.stop()]);
      containerd.close();
      unsubscribe();
      await this.#writeStatus();
      await lock.release();
    }
  }

  /** One look at the whole host, delivered with whatever waited before. @throws as `run` does */
  async runOnce({ timeoutMs, signal }: OnceOptions): Promise<OnceOutcome> {
    const { scheduler, rechecks, watches, containerd, delivery, renewal, lock } = this.#deps;
    const over = new AbortController();
    const end = (): void => {
      over.abort();
    };
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    // its tick is a sign of life for `status`, and nothing more
    const status = setInterval(() => void this.#writeStatus(), STATUS_EVERY_MS);
    renewal.start();
    scheduler.start();
    const delivering = delivery.run();
    const done = deliveredOnce(this.#deps, { timeoutMs, signal: over.signal });
    try {
      await Promise.race([delivering, done]);
      return await done;
    } finally {
      end();
      signal.removeEventListener('abort', end);
      clearInterval(status);
      await Promise.all([watches.stop(), rechecks.stop(), scheduler.stop(), renewal.stop()]);
      await delivery.stop(0);
      containerd.close();
      await this.#writeStatus();
      await lock.release();
    }
  }

  /** Evidence up to the moment of stopping, if it can be had quickly; in any case no observation is left unsigned. */
  async #lastScan(): Promise<void> {
    const { cycle, chain, log } = this.#deps;
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort();
    }, LAST_SCAN_MS);
    try {
      await cycle.run({ nonce: null, urgent: true, signal: late.signal });
    } catch (err) {
      log.info({ err }, 'No scan at stopping');
    } finally {
      clearTimeout(timer);
    }
    await chain.close();
  }

  async #writeStatus(): Promise<void> {
    const { statusFile, scheduler, delivery, cycle, watches, budget, scanIntervalMs, clock, log } = this.#deps;
    const intervalMs = scanIntervalMs();
    const now = clock.wall();
    const status: RunningStatus = {
      at: timestamp(now),
      pid: process.pid,
      startedAt: this.#startedAt,
      connected: delivery.connected,
      nextScanAt: timestamp(now + scheduler.nextScanInMs()),
      ...(intervalMs === undefined ? {} : { scanIntervalMs: intervalMs }),
      lastCycle: cycle.last() ?? null,
      budget: budget.status(),
      watching: watches.state(),
    };
    await writeStatusFile(statusFile, status).catch((err: unknown) => {
      log.debug({ err }, 'Status file not written');
    });
  }
}

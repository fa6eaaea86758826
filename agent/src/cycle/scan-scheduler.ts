import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { nextScanDelay } from './next-scan-delay.js';

export interface ScanRequest {
  /** The challenge to answer, hex. It arrived before the scan begins. */
  readonly nonce: string | null;
  readonly urgent: boolean;
  readonly signal: AbortSignal;
}

export interface ScanSchedulerDeps {
  readonly host: string;
  /** Resolves when the scan's outcome is signed, rejects if there is none. */
  readonly scan: (request: ScanRequest) => Promise<unknown>;
  /** The policy's interval; undefined while there is nothing to scan against. */
  readonly intervalMs: () => number | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

interface PendingChallenge {
  readonly nonce: string;
  /** Monotonic. */
  readonly deadline: number;
}

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
/** The collector has one under way per host; more than a few are a fault somewhere. */
const MAX_CHALLENGES = 8;

/**
 * Runs scans one at a time: at start, at every interval, when the release changed, and for each challenge a scan that
 * began after it arrived.
 */
export class ScanScheduler {
  readonly #deps: ScanSchedulerDeps;
  readonly #stopping = new AbortController();
  readonly #challenges: PendingChallenge[] = [];
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Monotonic. */
  #dueAt: number;
  #urgent = true;
  #failures = 0;

  constructor(deps: ScanSchedulerDeps) {
    this.#deps = deps;
    this.#dueAt = deps.clock.monotonic();
  }

  start(): void {
    this.#arrange();
  }

  /** Answers by a scan that begins from now on; after `deadlineMs` nobody waits for it any more. */
  challenge(challenge: { nonce: string; deadlineMs: number }): void {
    const { clock, log } = this.#deps;
    if (this.#challenges.some(({ nonce }) => nonce === challenge.nonce)) return;
    this.#challenges.push({ nonce: challenge.nonce, deadline: clock.monotonic() + challenge.deadlineMs });
    if (this.#challenges.length > MAX_CHALLENGES) {
      this.#challenges.shift();
      log.warn({ challenges: MAX_CHALLENGES }, 'Too many challenges at once; the oldest is dropped');
    }
    this.#arrange();
  }

  /** Scans as soon as possible, anew if a scan is under way: what it compares with has changed. */
  rescan(): void {
    this.#dueAt = this.#deps.clock.monotonic();
    this.#urgent = true;
    this.#failures = 0;
    this.#arrange();
  }

  /** The same at a background scan's pace: something may have changed, and nobody waits for the answer. */
  rescanSoon(): void {
    this.#dueAt = this.#deps.clock.monotonic();
    this.#arrange();
  }

  nextScanInMs(): number {
    return Math.max(0, Math.round(this.#dueAt - this.#deps.clock.monotonic()));
  }

  /** Ends the scan under way, if there is one. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Sets the timer for whatever comes first. */
  #arrange(): void {
    clearTimeout(this.#timer);
    const { signal } = this.#stopping;
    if (this.#running !== undefined || signal.aborted || this.#deps.intervalMs() === undefined) return;
    const challenged = this.#challenges.length > 0 && this.#failures === 0;
    const delay = challenged ? 0 : this.nextScanInMs();
    this.#timer = setTimeout(() => {
      this.#running = this.#scan().finally(() => {
        this.#running = undefined;
        this.#arrange();
      });
    }, delay);
  }

  async #scan(): Promise<void> {
    const { scan, clock, log } = this.#deps;
    const challenge = this.#nextChallenge();
    const due = this.nextScanInMs() === 0;
    // the last challenge may have expired while it waited
    if (challenge === undefined && !due) return;
    const urgent = this.#urgent || challenge !== undefined;
    this.#urgent = false;
    const dueBefore = this.#dueAt;
    try {
      await scan({ nonce: challenge?.nonce ?? null, urgent, signal: this.#stopping.signal });
      this.#failures = 0;
      // a change of release meanwhile has set another time, which stays
      if (due && this.#dueAt === dueBefore) this.#dueAt = clock.monotonic() + this.#delay();
    } catch (error) {
      if (challenge !== undefined) this.#challenges.unshift(challenge);
      if (isCoded(error, 'request.cancelled')) return;
      this.#failures += 1;
      const retryInMs = Math.min(this.#delay(), LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1));
      this.#dueAt = clock.monotonic() + retryInMs;
      log.error({ err: error, retryInMs }, 'Scan failed; nothing was signed');
    }
  }

  #nextChallenge(): PendingChallenge | undefined {
    for (;;) {
      const challenge = this.#challenges.shift();
      if (challenge === undefined || challenge.deadline > this.#deps.clock.monotonic()) return challenge;
    }
  }

  #delay(): number {
    const { host, clock, intervalMs } = this.#deps;
    return nextScanDelay(host, clock.wall(), intervalMs() ?? FIRST_RETRY_MS);
  }
}

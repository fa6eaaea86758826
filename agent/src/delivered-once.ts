import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { ReportChain } from './chain/report-chain.js';
import type { Cycle } from './cycle/cycle.js';
import type { ScanScheduler } from './cycle/scan-scheduler.js';
import type { Delivery } from './delivery/delivery.js';
import type { Outbox } from './outbox/outbox.js';
import type { Rejection } from './outbox/rejected-files.js';

export interface OnceDeps {
  readonly cycle: Pick<Cycle, 'last'>;
  readonly scheduler: Pick<ScanScheduler, 'nextScanInMs'>;
  readonly delivery: Pick<Delivery, 'connected'>;
  readonly chain: Pick<ReportChain, 'retryDeferred' | 'close'>;
  readonly outbox: Pick<Outbox, 'waiting'>;
  /** What the collector refused, in no order. */
  readonly rejections: () => Promise<readonly Rejection[]>;
  readonly clock: Clock;
}

export interface OnceOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type OnceOutcome = { readonly state: 'delivered' } | { readonly state: 'undelivered'; readonly reason: string };

const LOOK_EVERY_MS = 50;

/**
 * Waits until a scan under the release in force is signed and the collector holds everything that waited. A scan that
 * fails ends the wait: whoever runs one scan runs the next.
 */
export async function deliveredOnce(deps: OnceDeps, { timeoutMs, signal }: OnceOptions): Promise<OnceOutcome> {
  const { cycle, clock } = deps;
  const startedAt = clock.wall();
  const deadline = clock.monotonic() + timeoutMs;
  while (clock.monotonic() < deadline && !signal.aborted) {
    const last = cycle.last();
    if (last?.outcome === 'failed') return undelivered(`the scan failed: ${last.error}`);
    if (last !== undefined && (await nothingLeft(deps))) return afterwards(deps, startedAt);
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return undelivered(signal.aborted ? 'stopped' : whatIsMissing(deps));
}

/** No scan is due, nothing seen is unsigned, nothing signed waits. */
async function nothingLeft({ scheduler, chain, outbox }: OnceDeps): Promise<boolean> {
  // a release that came meanwhile asks for another scan at once
  if (scheduler.nextScanInMs() === 0 || outbox.waiting().length > 0) return false;
  // what had no room before has it now
  await chain.retryDeferred();
  await chain.close();
  return outbox.waiting().length === 0;
}

/** What was refused does not wait either. */
async function afterwards({ rejections }: OnceDeps, startedAt: number): Promise<OnceOutcome> {
  const refused = (await rejections()).find(({ at }) => wallTime(at) >= startedAt);
  if (refused === undefined) return { state: 'delivered' };
  const { kind, sequence, code, message } = refused;
  return undelivered(`the collector refused ${kind} ${String(sequence)}: ${code}, ${message}`);
}

function whatIsMissing({ scheduler, delivery, outbox }: OnceDeps): string {
  if (!delivery.connected) return 'no connection to the collector in time';
  if (scheduler.nextScanInMs() === 0) return 'no scan in time; does the release in force declare this host?';
  return `${String(outbox.waiting().length)} statements still wait`;
}

function undelivered(reason: string): OnceOutcome {
  return { state: 'undelivered', reason };
}

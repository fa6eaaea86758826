import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import { chainLost } from '../outbox/head-file.js';
import type { StatementRef } from '../outbox/outbox.js';

/**
 * What the collector's head says about our outbox. Reports at and below it are settled if it is our own report that
 * stands there: the chain of digests vouches for all before it. Everything else is sent, and judged over there.
 * @throws CodedError('chain.lost') if the collector holds reports of this epoch that we do not know we signed: our disk
 *   was set back, and going on would sign a second history; CodedError('chain.stale-epoch') if another enrolment of this
 *   host has taken over
 */
export function settledByHead(
  own: { epoch: number; head: Head | null },
  theirs: Head | null,
  waiting: readonly StatementRef[],
): StatementRef[] {
  if (theirs === null || theirs.epoch < own.epoch) return [];
  if (theirs.epoch > own.epoch) {
    throw new CodedError(
      'chain.stale-epoch',
      `this host was enrolled again (epoch ${String(theirs.epoch)}); this state directory belongs to epoch ${String(own.epoch)}`,
    );
  }
  const newest = own.head?.sequence ?? 0;
  if (theirs.sequence > newest) {
    throw chainLost(
      `the collector holds report ${String(theirs.sequence)}, the newest known here is ${String(newest)}; ` +
        'was the state directory restored from a copy?',
    );
  }
  const reports = waiting.filter(({ kind }) => kind === 'report');
  const same = reports.some(({ sequence, digest }) => sequence === theirs.sequence && digest === theirs.digest);
  return same ? reports.filter(({ sequence }) => sequence <= theirs.sequence) : [];
}

/**
 * Our newest report, if the collector neither holds it nor will get it: seals of it would mean nothing over there, so
 * the state has to be reported anew.
 */
export function forgottenHead(
  own: Head | null,
  theirs: Head | null,
  waiting: readonly StatementRef[],
): Head | undefined {
  if (own === null || own.digest === theirs?.digest) return undefined;
  return waiting.some(({ kind, digest }) => kind === 'report' && digest === own.digest) ? undefined : own;
}

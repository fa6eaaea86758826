import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import type { Seal } from '@sealwatch/shared/statement/seal.js';
import type { HostStatement } from './host-statement.js';
import { type Observation, stateOf } from './observation.js';

/**
 * The state of the newest report and for how long it was seen to hold. A scan proves the state for the moment it began
 * (nothing read later than that is older), the report for the moment it ended: claims are never wider than that.
 */
export interface HeldState {
  readonly head: Head;
  readonly state: Digest;
  readonly releaseDigest: Digest;
  /** Wall clock, milliseconds. */
  readonly since: number;
  readonly until: number;
  readonly observations: number;
  readonly longestGapMs: number;
  /** Monotonic start of the last look at the whole host, and of the one the report came from. */
  readonly lastMonotonic: number;
  readonly reportedMonotonic: number;
  /** How many of the observations a report or seal on disk speaks for. */
  readonly sealed: number;
}

export function heldSince(head: Head, observation: Observation): HeldState {
  return {
    head,
    state: stateOf(observation),
    releaseDigest: observation.release.digest,
    since: observation.endedAt,
    until: observation.endedAt,
    observations: 1,
    longestGapMs: 0,
    // looking at some of the host closes no gap between two looks at all of it
    lastMonotonic: (observation.carriedFrom ?? observation).startedMonotonic,
    reportedMonotonic: observation.startedMonotonic,
    sealed: 1,
  };
}

/**
 * The same state was seen once more, by a clock that was not set back since. One that was set forward, or a host that
 * slept, shows as a gap: it does not stretch what is claimed.
 */
export function seenAgain(held: HeldState, { startedAt, startedMonotonic }: Observation): HeldState {
  const gap = Math.max(startedMonotonic - held.lastMonotonic, startedAt - held.until);
  return {
    ...held,
    until: startedAt,
    observations: held.observations + 1,
    longestGapMs: Math.max(held.longestGapMs, Math.round(gap)),
    lastMonotonic: startedMonotonic,
  };
}

export function buildSeal(held: HeldState, origin: HostStatement, nonce: string | null): Seal {
  return {
    schema: 'sealwatch/seal/v1',
    clusterId: origin.clusterId,
    host: origin.host,
    epoch: held.head.epoch,
    sequence: held.head.sequence,
    reportDigest: held.head.digest,
    since: timestamp(held.since),
    until: timestamp(held.until),
    observations: held.observations,
    longestGapMs: held.longestGapMs,
    // every scan of this version reads every byte
    deepestCheckAt: timestamp(held.until),
    nonce,
    bootId: origin.bootId,
    instance: origin.instance,
  };
}

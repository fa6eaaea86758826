import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { subjectId } from '@sealwatch/shared/subject/subject.js';
import type { Look } from '../measure/measure-host.js';

/** When a look at the whole host began. */
export interface WholeLook {
  /** Wall clock, milliseconds. */
  readonly startedAt: number;
  /** Monotonic, milliseconds. */
  readonly startedMonotonic: number;
}

/** The newest look at each subject: of the last whole look at the host, or a later one at some of it. */
export interface KnownHost {
  /** What the subjects come from. */
  readonly releaseDigest: Digest;
  readonly whole: WholeLook;
  /** By subject id, in the order they were measured in. */
  readonly looks: ReadonlyMap<string, Look>;
}

/**
 * After a look at the whole host. What was looked at again while it went on, later than it did itself, stays; what is no
 * subject any more goes.
 */
export function afterWholeLook(before: KnownHost | undefined, now: KnownHost): KnownHost {
  if (before?.releaseDigest !== now.releaseDigest) return now;
  const looks = new Map(now.looks);
  for (const [id, look] of looks) {
    const known = before.looks.get(id);
    if (known !== undefined && known.beganAt > look.beganAt) looks.set(id, known);
  }
  return { ...now, looks };
}

/** After a look at some of the host's subjects; of each the look that began last counts. */
export function afterRecheck(before: KnownHost, again: readonly Look[]): KnownHost {
  const looks = new Map(before.looks);
  for (const look of again) {
    const id = subjectId(look.measurement.subject);
    const known = looks.get(id);
    if (known === undefined || look.beganAt >= known.beganAt) looks.set(id, look);
  }
  return { ...before, looks };
}

export function byId(looks: readonly Look[]): ReadonlyMap<string, Look> {
  return new Map(looks.map((look) => [subjectId(look.measurement.subject), look]));
}

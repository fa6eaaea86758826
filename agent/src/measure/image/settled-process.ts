import { setTimeout as sleep } from 'node:timers/promises';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { FirstProcess } from '@sealwatch/shared/measurement/image-measurement.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { throwIfStopped } from '../throw-if-stopped.js';

/** Many times what lies between the end of `runc start` and the program's first instruction, on a busy host too. */
const SETTLE_MS = 300;

/** A host where more containers than this run something else has other troubles, and must not wait for each. */
const MAX_SECOND_LOOKS = 10;

/** Of one survey. */
export interface SecondLooks {
  left: number;
}

export function secondLooks(): SecondLooks {
  return { left: MAX_SECOND_LOOKS };
}

/**
 * A container counts as running a moment before its runtime has become the container's program, and a moment after that
 * has ended. A process that runs none of the expected programs, or is not there, is looked at once more after that moment.
 * @param expected empty: nobody knows better, and the first look counts
 * @throws CodedError('request.cancelled')
 */
export async function settledProcess(
  look: () => Promise<FirstProcess | Unreadable | null>,
  expected: ReadonlySet<Digest>,
  { second, signal }: { second: SecondLooks; signal: AbortSignal },
): Promise<FirstProcess | Unreadable | null> {
  const seen = await look();
  if (seen !== null && (!('digest' in seen) || expected.size === 0 || expected.has(seen.digest))) return seen;
  if (second.left <= 0) return seen;
  second.left -= 1;
  await sleep(SETTLE_MS, undefined, { signal }).catch(() => undefined);
  throwIfStopped(signal);
  return look();
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Aide, AideCheck } from './aide.js';
import type { By, Place, Row } from './row.js';
import { type Sighting, withoutRepeats } from './posture-record.js';

export interface Taken {
  readonly number: string;
  readonly act: string;
  readonly by: By;
  /** Milliseconds from the beginning of the act until the collector's verdict was another. */
  readonly verdictMs: number;
  /** Until the expected reason was seen, which is looked for ten times a second. */
  readonly reasonMs: number;
  readonly reason: string;
  /** Milliseconds from the beginning of mending until the verdict was good again. */
  readonly mendedMs: number;
  readonly aide?: AideCheck;
}

/**
 * Does one act, waits for what the collector says, and mends it.
 * @param options.boundMs generous: a machine that tests is busy
 * @param options.quietMs nothing is touched for so long before: of what changes all the time an agent hears in ever longer
 *   steps
 * @param options.aide looks at the same act
 */
export async function takeRow<P extends Place>(
  row: Row<P>,
  place: P,
  options: { boundMs: number; quietMs?: number; aide?: Aide },
): Promise<Taken> {
  const { host, record } = place;
  const { boundMs, quietMs = 0, aide } = options;
  const reason = row.reason(place);
  await row.prepare?.(place);
  await aide?.learn();
  await sleep(quietMs);
  await record.compliant(host, boundMs);
  const since = performance.now();
  let mended = since;
  try {
    await row.commit(place);
    const turned = await record.first(since, host, `the verdict turns (${row.act})`, isBad, boundMs);
    const named = await record.first(
      since,
      host,
      `${reason} is said (${row.act})`,
      ({ verdict, reasons }) => verdict !== 'compliant' && reasons.includes(reason),
      boundMs,
    );
    const compared = await aide?.check();
    mended = performance.now();
    await row.mend(place);
    const good = await record.first(mended, host, `it is good again (${row.act})`, (one) => !isBad(one), boundMs);
    const [verdictMs, reasonMs] = [turned.at - since, named.at - since];
    const { number, act, by } = row;
    const figures = { verdictMs, reasonMs, mendedMs: good.at - mended };
    return { number, act, by, reason, ...figures, ...(compared === undefined ? {} : { aide: compared }) };
  } catch (error) {
    // so that the next row begins on a good host
    if (mended === since) await row.mend(place);
    throw error;
  }
}

function isBad({ verdict }: { readonly verdict: string }): boolean {
  return verdict !== 'compliant';
}

/**
 * Does something honest and fails with all that was seen if the verdict was ever another than compliant.
 * @param options.unknownBy the one reason for which it may be unknown meanwhile
 * @returns all reasons that were seen
 */
export async function withoutAlarm(
  place: Place,
  act: () => Promise<void> | void,
  options: { settleMs: number; unknownBy?: string | undefined },
): Promise<string[]> {
  const { host, record } = place;
  const before = performance.now();
  await act();
  await sleep(options.settleMs);
  await record.compliant(host, 30_000);
  const seen = withoutRepeats(record.since(before, host));
  const { unknownBy } = options;
  const isAlarm = (one: Sighting): boolean =>
    isBad(one) && !(one.verdict === 'unknown' && one.reasons.some((reason) => reason === unknownBy));
  if (seen.some(isAlarm)) throw new Error(`a false alarm:\n${JSON.stringify(seen, null, 1)}`);
  return [...new Set(seen.flatMap(({ reasons }) => reasons))].sort();
}

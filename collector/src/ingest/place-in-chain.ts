import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Head, Report } from '@sealwatch/shared/statement/report.js';

/** Where a report belongs in its host's chain. */
export type Place =
  | { readonly kind: 'next' }
  /** Reports from this sequence on are missing: recorded, alarmed, and the chain goes on. */
  | { readonly kind: 'gap'; readonly from: number }
  /** At or before the head: the same report again, or a fork; what is stored there decides. */
  | { readonly kind: 'past' }
  /** It does not continue what we hold: two histories were signed. */
  | { readonly kind: 'fork'; readonly expected: Digest | null };

/**
 * @param head the newest report committed of this host, of any epoch
 */
export function placeInChain(report: Pick<Report, 'epoch' | 'sequence' | 'previous'>, head: Head | undefined): Place {
  const { epoch, sequence, previous } = report;
  // an enrolment has taken over since: nothing of the one before leads any more
  if (head !== undefined && epoch < head.epoch) return { kind: 'past' };
  const inEpoch = head !== undefined && head.epoch === epoch;
  const expectedSequence = inEpoch ? head.sequence + 1 : 1;
  if (sequence < expectedSequence) return { kind: 'past' };
  if (sequence > expectedSequence) return { kind: 'gap', from: expectedSequence };
  const expected = head?.digest ?? null;
  return previous === expected ? { kind: 'next' } : { kind: 'fork', expected };
}

import { type CalendarDate, calendarDate, daysBetween } from './calendar-date.js';
import type { CmvpCertificate, CmvpSnapshot, ListedStatus } from './cmvp-snapshot.js';

/**
 * NIST's FIPS 140-3 transition: every FIPS 140-2 certificate can be active through this day and is historical after it,
 * whatever a list said before.
 */
export const FIPS_140_2_SUNSET: CalendarDate = '2026-09-21';

/** A list that is older than this is said to be old. */
const RECHECK_DAYS = 90;

export interface CertificateStatus {
  readonly status: ListedStatus | 'unknown';
  readonly because: StatusReason;
  /** The first day on which it was so, where a rule says which. */
  readonly since: CalendarDate | null;
  /** The day of the list. */
  readonly asOf: CalendarDate;
  /** Nobody has looked at the list for a long while before the day asked for. */
  readonly stale: boolean;
  /** Null if the list does not have it. */
  readonly certificate: CmvpCertificate | null;
}

export type StatusReason =
  | 'listed'
  /** After 2026-09-21, under FIPS 140-2. */
  | 'fips-140-2-transition'
  /** After the certificate's own last day. */
  | 'sunset'
  | 'not-listed'
  /** The day asked for is before the validation. */
  | 'not-yet-validated'
  /** The day asked for is before that of the list, and the list does not say since when it is so. */
  | 'before-the-list';

/** What a certificate's status is on a day, as far as this snapshot and the transition rule can say. */
export function certificateStatus(snapshot: CmvpSnapshot, number: number, on: CalendarDate): CertificateStatus {
  const { asOf } = snapshot;
  const stale = daysBetween(asOf, on) > RECHECK_DAYS;
  const certificate = snapshot.certificates.find((candidate) => candidate.number === number) ?? null;
  const answer = (
    status: CertificateStatus['status'],
    because: StatusReason,
    since: CalendarDate | null = null,
  ): CertificateStatus => ({ status, because, since, asOf, stale, certificate });

  if (certificate === null) return answer('unknown', 'not-listed');
  const { status, standard, sunset, validated } = certificate;
  const [first] = validated;
  if (first === undefined || on < first) return answer('unknown', 'not-yet-validated');
  if (status === 'revoked') return on < asOf ? answer('unknown', 'before-the-list') : answer('revoked', 'listed');
  const transition = standard === 'FIPS 140-2' ? FIPS_140_2_SUNSET : null;
  const byTransition = transition !== null && (sunset === null || sunset >= transition);
  const lastDay = byTransition ? transition : sunset;
  if (lastDay !== null && on > lastDay) {
    // one that was listed as historical already became it on a day nobody told
    const since = status === 'active' ? dayAfter(lastDay) : null;
    return answer('historical', byTransition ? 'fips-140-2-transition' : 'sunset', since);
  }
  if (status === 'historical' && on < asOf) return answer('unknown', 'before-the-list');
  return answer(status, 'listed');
}

function dayAfter(day: CalendarDate): CalendarDate {
  return calendarDate(Date.parse(`${day}T00:00:00.000Z`) + 86_400_000);
}

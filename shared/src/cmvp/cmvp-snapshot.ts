import type { CalendarDate } from './calendar-date.js';

/**
 * What NIST's Cryptographic Module Validation Program said of some certificates on one day. Somebody else's facts: data
 * with a date and a source, which an operator can replace by newer ones; no program of ours asks the network.
 */
export interface CmvpSnapshot {
  readonly schema: 'sealwatch/cmvp/v1';
  readonly asOf: CalendarDate;
  /** In words: `NIST CMVP certificate list`. */
  readonly source: string;
  readonly certificates: readonly CmvpCertificate[];
}

export interface CmvpCertificate {
  readonly number: number;
  readonly vendor: string;
  readonly module: string;
  readonly standard: ValidationStandard;
  readonly level: number;
  /** What the list said on the snapshot's day. */
  readonly status: ListedStatus;
  /** The validation and its updates, oldest first. */
  readonly validated: readonly CalendarDate[];
  /** The last day it can be active; null if the list names none. */
  readonly sunset: CalendarDate | null;
  /** The list's own words, which any claim has to quote. */
  readonly caveat: string | null;
  readonly url: string;
}

export const VALIDATION_STANDARDS = ['FIPS 140-2', 'FIPS 140-3'] as const;
export type ValidationStandard = (typeof VALIDATION_STANDARDS)[number];

export const LISTED_STATUSES = ['active', 'historical', 'revoked'] as const;
export type ListedStatus = (typeof LISTED_STATUSES)[number];
